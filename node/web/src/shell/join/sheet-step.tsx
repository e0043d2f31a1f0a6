import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit } from "../../ui/field.tsx";
import { QrPicture } from "../../ui/qr-picture.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { RecoverySheet } from "../account.ts";
import { printNameless } from "../print.ts";
import { StepHead } from "./head.tsx";
import { drawLines, isWordOf } from "./model.ts";

interface Props {
  readonly sheet: RecoverySheet;
  /** `later`: the words were not tried; the app reminds. */
  readonly onDone: (later: boolean) => void;
}

/** The recovery sheet to print or to copy, and two of its words, to be sure. */
export function SheetStep({ sheet, onDone }: Props) {
  const { t } = useSpeech();
  return (
    <>
      <div class="noprint">
        <StepHead title={t("sheet-title")} lead={t("sheet-lead")} />
      </div>
      <div class="split split-aside print-this sheet-page">
        <Sheet sheet={sheet} />
        <Confirm sheet={sheet} onDone={onDone} />
      </div>
    </>
  );
}

/** Words and QR code. Printed it stands alone, and names nothing. */
export function Sheet({ sheet }: { readonly sheet: RecoverySheet }) {
  const { t } = useSpeech();
  const [hidden, setHidden] = useState(false);
  return (
    <section class="card stack" aria-label={t("sheet-title")}>
      <div class={hidden ? "sheet sheet-hidden" : "sheet"}>
        <ol aria-label={t("sheet-words")} lang="en" translate={false}>
          {sheet.words.map((word, i) => (
            <li key={i}>
              <span aria-hidden="true">{i + 1}</span>
              {hidden ? <i class="sheet-bar" aria-hidden="true" /> : word}
            </li>
          ))}
        </ol>
        {hidden ? (
          <div class="qr qr-hidden" aria-hidden="true" />
        ) : (
          <QrPicture text={sheet.qrText} label={t("sheet-qr")} />
        )}
      </div>
      <div class="actions noprint">
        <Button
          icon="print"
          onPress={printNameless}
          {...(hidden ? { blockedBy: "sheet-hid" } : {})}
        >
          {t("sheet-print")}
        </Button>
        <Button kind="bare" onPress={() => setHidden(!hidden)}>
          {hidden ? t("sheet-show") : t("sheet-hide")}
        </Button>
      </div>
      {hidden && (
        <p class="hint noprint" id="sheet-hid">
          {t("sheet-hidden")}
        </p>
      )}
      <div class="noprint">
        <Limit>{t("sheet-limit")}</Limit>
      </div>
    </section>
  );
}

function Confirm({ sheet, onDone }: Props) {
  const { t } = useSpeech();
  const [lines] = useState(() => drawLines(sheet.words.length, Math.random));
  const [typed, setTyped] = useState<readonly string[]>(lines.map(() => ""));
  const [wrong, setWrong] = useState<readonly boolean[]>([]);
  const go = (): void => {
    const faults = lines.map((line, i) => !isWordOf(sheet, line, typed[i] ?? ""));
    setWrong(faults);
    if (!faults.includes(true)) onDone(false);
  };
  return (
    <form
      class="card stack noprint stick"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <h2>{t("sheet-confirm")}</h2>
      {lines.map((line, i) => (
        <Field
          key={line}
          label={t("sheet-word", { line })}
          value={typed[i] ?? ""}
          onInput={(text) => {
            setTyped(typed.map((old, at) => (at === i ? text : old)));
            setWrong(wrong.map((was, at) => was && at !== i));
          }}
          error={wrong[i] ? t("sheet-word-wrong", { line }) : undefined}
          code
        />
      ))}
      <div class="actions">
        <Button kind="main" submit>
          {t("join-next")}
        </Button>
        <Button kind="bare" onPress={() => onDone(true)}>
          {t("sheet-later")}
        </Button>
      </div>
    </form>
  );
}
