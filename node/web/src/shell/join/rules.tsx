import { Icon } from "../../ui/icon.tsx";
import { Written } from "../../ui/text.tsx";

/** A community's rules, as its steward wrote them. */
export function Rules({ rules }: { readonly rules: readonly string[] }) {
  return (
    <ul class="stack stack-2">
      {rules.map((rule) => (
        <li class="row row-keep row-top" key={rule}>
          <span class="quiet">
            <Icon name="check" />
          </span>
          <span class="grow">
            <Written text={rule} />
          </span>
        </li>
      ))}
    </ul>
  );
}
