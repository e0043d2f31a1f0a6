import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit } from "../../ui/field.tsx";
import { ErrorState, Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type {
  DeleteActions,
  DeleteModel,
  ExportActions,
  ExportModel,
  ReceiptModel,
} from "../me-model.ts";
import { listText } from "../parts/format.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { BackLink, Line, Section } from "../parts/pieces.tsx";

const PARTS = {
  offers: "export-offers",
  talks: "export-talks",
  circles: "export-circles",
  wishes: "export-wishes",
  personas: "export-personas",
  files: "export-files",
} as const;

/** Takes everything along, in open formats. */
export function Export(props: {
  readonly model: ExportModel;
  readonly actions: ExportActions;
}) {
  const { t, language } = useSpeech();
  const { model, actions } = props;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-me")} onBack={actions.onBack} />
      <div class="head">
        <h1>{t("export-title")}</h1>
        <p>{t("export-lead")}</p>
      </div>
      <p>
        {t("export-holds", {
          parts: listText(
            language,
            model.parts.map((part) => t(PARTS[part])),
            "and",
          ),
        })}
      </p>
      <div role="status">
        {model.state === "working" && (
          <progress
            class="progress"
            max={1}
            value={model.share}
            aria-label={t("export-working")}
          />
        )}
        {model.state === "done" && (
          <Notice kind="good" title={t("export-done")}>
            <p>{t("export-done-more")}</p>
          </Notice>
        )}
      </div>
      {model.failure && <ErrorState title={model.failure.title} text={model.failure.next} />}
      <div class="actions">
        {model.state === "working" ? (
          <Button onPress={actions.onCancel}>{t("confirm-cancel")}</Button>
        ) : (
          <Button kind="main" onPress={actions.onExport}>
            {t("export-save")}
          </Button>
        )}
      </div>
      <Limit>{t("export-limit")}</Limit>
    </div>
  );
}

/** Pauses everything from this device; undone with the recovery sheet only. */
export function Freeze(props: {
  readonly frozen: boolean;
  readonly word: string;
  readonly typed: string;
  readonly onType: (text: string) => void;
  readonly onBack: () => void;
  readonly onFreeze: () => void;
  readonly onUnfreeze: () => void;
}) {
  const { t } = useSpeech();
  const id = useId();
  const missing = props.typed.trim() !== props.word;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-me")} onBack={props.onBack} />
      <div class="head">
        <h1>{props.frozen ? t("me-unfreeze") : t("me-freeze")}</h1>
        <p>{props.frozen ? t("unfreeze-lead") : t("freeze-lead")}</p>
      </div>
      {props.frozen ? (
        <div class="actions">
          <Button kind="main" onPress={props.onUnfreeze}>
            {t("unfreeze-go")}
          </Button>
        </div>
      ) : (
        <>
          <div class="stack stack-3">
            <Line glyph="pause">{t("freeze-1")}</Line>
            <Line icon="talks">{t("freeze-2")}</Line>
            <Line icon="print">{t("freeze-3")}</Line>
          </div>
          <Field
            label={t("type-word", { word: props.word })}
            value={props.typed}
            onInput={props.onType}
          />
          <div class="stack stack-2">
            <div class="actions">
              <Button
                kind="danger"
                onPress={props.onFreeze}
                blockedBy={missing ? id : undefined}
              >
                {t("me-freeze")}
              </Button>
            </div>
            <p class="hint" id={id}>
              {missing ? t("type-missing") : ""}
            </p>
          </div>
          <Limit>{t("freeze-limit")}</Limit>
        </>
      )}
    </div>
  );
}

/** Deletes the account, and shows what each community confirmed. */
export function Delete(props: {
  readonly model: DeleteModel;
  readonly actions: DeleteActions;
}) {
  const { t } = useSpeech();
  const { model, actions } = props;
  return (
    <div class="stack stack-5 column">
      {(model.step === "ask" || model.step === "failed") && (
        <BackLink text={t("nav-me")} onBack={actions.onBack} />
      )}
      <div class="head">
        <h1>{model.step === "done" ? t("delete-gone") : t("delete-title")}</h1>
        <p>{model.step === "done" ? t("delete-gone-more") : t("delete-lead")}</p>
      </div>
      {model.failure && (
        <ErrorState
          title={model.failure.title}
          text={model.failure.next}
          onRetry={actions.onRetry}
        />
      )}
      {model.step === "ask" && <Ask model={model} actions={actions} />}
      <div role="status">
        {model.step === "working" && (
          <div class="stack stack-2">
            <p>{t("delete-working")}</p>
            <progress
              class="progress"
              max={1}
              value={model.share}
              aria-label={t("delete-working")}
            />
          </div>
        )}
      </div>
      {(model.step === "receipts" || model.step === "done") && (
        <Receipts model={model} actions={actions} />
      )}
      {model.step === "done" && (
        <div class="actions">
          <Button kind="main" onPress={actions.onLeave}>
            {t("delete-leave")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface DeleteProps {
  readonly model: DeleteModel;
  readonly actions: DeleteActions;
}

function Ask({ model, actions }: DeleteProps) {
  const { t } = useSpeech();
  const id = useId();
  const missing = model.typed.trim() !== model.word;
  return (
    <>
      <ol class="steps-list stack stack-3">
        <li>{t("delete-1")}</li>
        <li>{t("delete-2")}</li>
        <li>{t("delete-3")}</li>
      </ol>
      <Limit>{t("delete-limit")}</Limit>
      {!model.exported && (
        <Notice title={t("delete-export")}>
          <div class="actions">
            <Button onPress={actions.onExport}>{t("export-title")}</Button>
          </div>
        </Notice>
      )}
      <Field
        label={t("type-word", { word: model.word })}
        value={model.typed}
        onInput={actions.onType}
      />
      <div class="stack stack-2">
        <div class="actions">
          <Button
            kind={missing ? "danger" : "danger-main"}
            onPress={actions.onDelete}
            blockedBy={missing ? id : undefined}
          >
            {t("delete-title")}
          </Button>
          <Button onPress={actions.onBack}>{t("delete-keep")}</Button>
        </div>
        <p class="hint" id={id}>
          {missing ? t("type-missing") : ""}
        </p>
      </div>
    </>
  );
}

const STATES = {
  confirmed: { glyph: "yes", text: "receipt-confirmed" },
  pending: { glyph: "clock", text: "receipt-pending" },
  unreachable: { glyph: "no", text: "receipt-unreachable" },
} as const satisfies Record<
  ReceiptModel["state"],
  { readonly glyph: GlyphName; readonly text: string }
>;

function Receipts({ model, actions }: DeleteProps) {
  const { t } = useSpeech();
  const open = model.receipts.some(({ peers }) =>
    peers.some((one) => one.state !== "confirmed"),
  );
  return (
    <>
      <Section title={t("receipts")}>
        <p class="small">{t("receipts-more")}</p>
        {model.receipts.length === 0 && <p class="small quiet">{t("receipts-none")}</p>}
        {model.receipts.map((receipt) => (
          <div class="card stack stack-2" key={receipt.title}>
            <h3 class="label">
              <Written text={receipt.title} />
            </h3>
            <ul class="list">
              {receipt.peers.map((peer) => (
                <li class="row row-between" key={peer.peer}>
                  <Written text={peer.peer} />
                  <span class="state-line small" data-state={peer.state}>
                    <Glyph name={STATES[peer.state].glyph} small />
                    <span>{t(STATES[peer.state].text)}</span>
                  </span>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <Limit>{t("receipts-limit")}</Limit>
      </Section>
      <div class="actions">
        <Button onPress={actions.onSaveReceipts}>{t("receipts-save")}</Button>
        {model.step === "receipts" && (
          <Button kind="danger" onPress={actions.onFinish}>
            {open ? t("delete-finish-anyway") : t("delete-finish")}
          </Button>
        )}
      </div>
    </>
  );
}
