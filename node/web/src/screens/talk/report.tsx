import { useId, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, Field, Limit } from "../../ui/field.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { Radios } from "../parts/pieces.tsx";
import { valuesOf } from "../parts/words.ts";
import type { ReportCategory, ReportDraft, TalkItem } from "../talk-model.ts";

const CATEGORIES = {
  safety: "report-safety",
  harassment: "report-harassment",
  deception: "report-deception",
  illegal: "report-illegal",
  spam: "report-spam",
  other: "report-other",
} as const satisfies Record<ReportCategory, string>;

/** Reports what somebody wrote, with those messages as proof that one chooses. */
export function Report(props: {
  /** Messages to choose from; empty for an offer or a profile, which is its own proof. */
  readonly items: readonly TalkItem[];
  readonly onSend: (report: ReportDraft) => void;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const id = useId();
  const [category, setCategory] = useState<ReportCategory | null>(null);
  const [words, setWords] = useState("");
  const [items, setItems] = useState<readonly string[]>([]);
  const [block, setBlock] = useState(true);
  const theirs = props.items.flatMap((item) =>
    item.kind === "words" && !item.mine ? [item] : [],
  );
  const missing = category === null || (theirs.length > 0 && items.length === 0);
  return (
    <Dialog title={t("report-title")} onClose={props.onClose}>
      <p class="small">{props.items.length > 0 ? t("report-more") : t("report-more-page")}</p>
      <Radios
        legend={t("report-what")}
        name="category"
        chosen={category}
        onChoose={setCategory}
        options={valuesOf(CATEGORIES).map((value) => ({ value, body: t(CATEGORIES[value]) }))}
      />
      {theirs.length > 0 && (
        <fieldset class="field">
          <legend>{t("report-proof")}</legend>
          <div class="report-items">
            {theirs.map((item) => (
              <label class="check" key={item.id}>
                <input
                  type="checkbox"
                  checked={items.includes(item.id)}
                  onChange={(event) =>
                    setItems(
                      event.currentTarget.checked
                        ? [...items, item.id]
                        : items.filter((one) => one !== item.id),
                    )
                  }
                />
                <span class="report-words small">
                  <Written {...item.words} />
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Field label={t("report-words")} value={words} lines onInput={setWords} />
      <Check label={t("report-block")} on={block} onChange={setBlock} />
      <Limit>{t("report-limit")}</Limit>
      <div class="actions">
        <Button onPress={props.onClose}>{t("confirm-cancel")}</Button>
        <Button
          kind="main"
          blockedBy={missing ? id : undefined}
          onPress={() => {
            if (category !== null) props.onSend({ category, words, items, block });
          }}
        >
          {t("report-send")}
        </Button>
      </div>
      {missing && (
        <p class="hint" id={id}>
          {theirs.length > 0 ? t("report-missing") : t("report-missing-what")}
        </p>
      )}
    </Dialog>
  );
}
