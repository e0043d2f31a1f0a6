import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { PersonaLook } from "../parts/model.ts";
import { PersonaLine, Radios } from "../parts/pieces.tsx";

/** Which persona is shown: one of one's own, a new one, or none. */
export function PersonaChoice(props: {
  readonly legend: string;
  readonly personas: readonly PersonaLook[];
  readonly newPicture: Uint8Array;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}) {
  const { t } = useSpeech();
  return (
    <Radios
      legend={props.legend}
      name="persona"
      chosen={props.chosen}
      onChoose={props.onChoose}
      options={[
        ...props.personas.map((persona) => ({
          value: persona.id,
          body: <PersonaLine persona={persona} small />,
        })),
        {
          value: "new",
          body: (
            <span class="row row-keep">
              <PersonaPicture bytes={props.newPicture} size="small" />
              <span>{t("persona-new")}</span>
            </span>
          ),
        },
        { value: "none", body: t("persona-none") },
      ]}
    />
  );
}
