import { useState } from "preact/hooks";
import type { Feeling } from "../../kith/mentorship/bodies.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { ChipSet, Fact, Facts, Section } from "../parts/pieces.tsx";
import { valuesOf } from "../parts/words.ts";
import type { CheckInModel } from "../talk-model.ts";

export const FEELINGS = {
  fine: "feeling-fine",
  unsure: "feeling-unsure",
  help: "feeling-help",
} as const satisfies Record<Exclude<Feeling, "">, string>;

/** Both say how it goes, neither sees the other's answer first. */
export function CheckIn(props: {
  readonly checkIn: CheckInModel;
  readonly onAnswer: (feeling: Feeling, words: string) => void;
}) {
  const { t } = useSpeech();
  const { checkIn } = props;
  const [feeling, setFeeling] = useState<Feeling>("");
  const [words, setWords] = useState("");
  return (
    <Section title={t("check-in")} minor>
      {checkIn.state === "open" && (
        <form
          class="stack stack-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (feeling !== "") props.onAnswer(feeling, words);
          }}
        >
          <p class="small">{t("check-in-more")}</p>
          <ChipSet
            legend={t("check-in-how")}
            single
            options={valuesOf(FEELINGS).map((value) => ({ value, text: t(FEELINGS[value]) }))}
            chosen={feeling === "" ? [] : [feeling]}
            onChange={([chosen]) => setFeeling(chosen ?? "")}
          />
          {feeling !== "" && (
            <>
              <Field label={t("check-in-words")} value={words} onInput={setWords} />
              <div>
                <Button submit>{t("check-in-send")}</Button>
              </div>
            </>
          )}
        </form>
      )}
      {checkIn.state === "waits-for-them" && <p class="small">{t("check-in-waits")}</p>}
      {checkIn.state === "shown" && (
        <Facts small>
          {checkIn.mine && checkIn.mine.feeling !== "" && (
            <Fact name={t("you")}>{t(FEELINGS[checkIn.mine.feeling])}</Fact>
          )}
          {checkIn.theirs && checkIn.theirs.feeling !== "" && (
            <Fact name={t("them")}>
              {t(FEELINGS[checkIn.theirs.feeling])}
              {checkIn.theirs.words.text !== "" && (
                <p>
                  <Written {...checkIn.theirs.words} />
                </p>
              )}
            </Fact>
          )}
        </Facts>
      )}
    </Section>
  );
}
