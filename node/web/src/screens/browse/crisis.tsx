import { useSpeech, Written } from "../../ui/text.tsx";
import type { CrisisModel } from "../browse-model.ts";
import { Glyph } from "../parts/glyph.tsx";

/** Where somebody listens now: first, plain, and without a question. */
export function CrisisHelp(props: {
  readonly crisis: CrisisModel;
  readonly onOpen: (id: string) => void;
}) {
  const { t } = useSpeech();
  return (
    <section class="notice notice-good crisis" aria-labelledby="crisis-title">
      <Glyph name="life" />
      <h2 id="crisis-title">{t("crisis-title")}</h2>
      <p>{t("crisis-more")}</p>
      <ul class="list">
        {props.crisis.entries.map((entry) => (
          <li class="stack stack-1" key={entry.id}>
            <button class="link-btn" type="button" onClick={() => props.onOpen(entry.id)}>
              <Written {...entry.title} />
            </button>
            <span class="mono" dir="ltr">
              {entry.contact}
            </span>
            <span class="small">
              <Written {...entry.about} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
