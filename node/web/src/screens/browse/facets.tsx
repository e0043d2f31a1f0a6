import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { FacetKey, FacetModel, FacetOption } from "../browse-model.ts";
import { numberText } from "../parts/format.ts";

/** Values of a group shown before *All of them* is pressed. */
const SHORT = 7;

const NAMES = {
  topics: "facet-topics",
  languages: "facet-languages",
  ways: "facet-ways",
  formats: "facet-formats",
  when: "facet-when",
  level: "facet-level",
  room: "facet-room",
  communities: "facet-communities",
} as const;

interface Props {
  readonly facets: readonly FacetModel[];
  readonly onFacet: (key: FacetKey, value: string, on: boolean) => void;
}

/** Groups of values to choose from, each with how many offers it would bring. */
export function Facets({ facets, onFacet }: Props) {
  return (
    <div class="stack">
      {facets
        .filter((facet) => facet.options.length > 0)
        .map((facet) => (
          <div class="facet" key={facet.key}>
            <Group facet={facet} onFacet={onFacet} />
          </div>
        ))}
    </div>
  );
}

function Group({ facet, onFacet }: { readonly facet: FacetModel } & Omit<Props, "facets">) {
  const { t } = useSpeech();
  const [whole, setWhole] = useState(false);
  const { key, options } = facet;
  const shown = whole ? options : options.filter((one, at) => at < SHORT || one.on);
  return (
    <fieldset>
      <legend class="label">{t(NAMES[key])}</legend>
      {shown.map((option) => (
        <Value
          key={option.value}
          option={option}
          onChange={(on) => onFacet(key, option.value, on)}
        />
      ))}
      {(key === "when" || key === "level") && <p class="hint">{t("facet-unsaid")}</p>}
      {shown.length < options.length && (
        <Button kind="bare" onPress={() => setWhole(true)}>
          {t("facet-all")}
        </Button>
      )}
    </fieldset>
  );
}

function Value(props: {
  readonly option: FacetOption;
  readonly onChange: (on: boolean) => void;
}) {
  const { language } = useSpeech();
  const { option } = props;
  return (
    <label class={option.sub ? "check facet-sub" : "check"}>
      <input
        type="checkbox"
        checked={option.on}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span class="check-count">
        <span>
          <bdi {...(option.lang ? { lang: option.lang } : {})}>{option.text}</bdi>
        </span>{" "}
        <span>{numberText(language, option.count)}</span>
      </span>
    </label>
  );
}
