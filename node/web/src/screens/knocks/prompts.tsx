import { Icon } from "../../ui/icon.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { PromptKind } from "../knocks-model.ts";
import { PROMPT_WORDS } from "./states.ts";

/** A word beside what seems to ask for something to think about first; made on this device. */
export function Prompts(props: { readonly prompts: readonly PromptKind[] }) {
  const { t } = useSpeech();
  return (
    <div role="status">
      {props.prompts.length > 0 && (
        <ul class="lint">
          {props.prompts.map((kind) => (
            <li key={kind}>
              <Icon name="look" small />
              <p class="small">{t(PROMPT_WORDS[kind])}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
