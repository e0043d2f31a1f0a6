import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { TextKey } from "../../texts/texts.ts";
import { useSpeech } from "../../ui/text.tsx";
import type { Login, RecoverySheet } from "../account.ts";
import type { Community } from "../community.ts";
import type { Failure } from "../failures.ts";
import { StepHead } from "./head.tsx";
import { InviteStep } from "./invite-step.tsx";
import { LoginStep } from "./login-step.tsx";
import { type JoinState, progressOf, type StepName } from "./model.ts";
import { SheetStep } from "./sheet-step.tsx";

/** What joining needs from outside. */
export interface JoinProps {
  /** The invite's code; null while there is none. */
  readonly invite: string | null;
  /** What the steward wrote; null while it is not known. */
  readonly community: Community | null;
  /** Somebody wrote or pasted a link. Returns whether it is one. */
  readonly onInvite: (text: string) => boolean;
  /** Draws a name and a passphrase. */
  readonly suggest: () => Promise<Login>;
  /** Creates the account; what is thrown is turned into a sentence by {@link failureOf}. */
  readonly join: (login: Login) => Promise<RecoverySheet>;
  readonly failureOf: (error: unknown) => Failure;
  /** The choices of the last step. */
  readonly choices: ComponentChildren;
  /** The end. `remind`: the sheet was left for later. */
  readonly onDone: (remind: boolean) => void;
  /** Where to begin; for looking at. */
  readonly start?: JoinState;
}

const NAMES: Readonly<Record<StepName, TextKey & `join-step-${StepName}`>> = {
  invite: "join-step-invite",
  login: "join-step-login",
  sheet: "join-step-sheet",
  safety: "join-step-safety",
};

/** Joining, from the invite to the first view. */
export function JoinFlow(props: JoinProps) {
  const [state, setState] = useState<JoinState>(props.start ?? { step: "invite" });
  const [remind, setRemind] = useState(false);
  const join = async (login: Login): Promise<void> => {
    const sheet = await props.join(login);
    setState({ step: "sheet", login, sheet });
  };
  return (
    <div class="stack stack-6 only-print-one">
      <Steps state={state} />
      {state.step === "invite" && (
        <InviteStep {...props} onNext={() => setState({ step: "login" })} />
      )}
      {state.step === "login" && (
        <LoginStep
          suggest={props.suggest}
          failureOf={props.failureOf}
          known={props.community ? [props.community.name] : []}
          onBack={() => setState({ step: "invite" })}
          onChosen={join}
        />
      )}
      {state.step === "sheet" && (
        <SheetStep
          sheet={state.sheet}
          onDone={(later) => {
            setRemind(later);
            setState({ step: "safety" });
          }}
        />
      )}
      {state.step === "safety" && (
        <SafetyStep choices={props.choices} onDone={() => props.onDone(remind)} />
      )}
    </div>
  );
}

function Steps({ state }: { readonly state: JoinState }) {
  const { t } = useSpeech();
  return (
    <ol class="steps noprint" aria-label={t("join-steps")}>
      {progressOf(state).map(({ name, is }) => (
        <li
          key={name}
          {...(is === "done" ? { "data-done": "" } : {})}
          {...(is === "now" ? { "aria-current": "step" as const } : {})}
        >
          <span>{t(NAMES[name])}</span>
        </li>
      ))}
    </ol>
  );
}

function SafetyStep(props: {
  readonly choices: ComponentChildren;
  readonly onDone: () => void;
}) {
  const { t } = useSpeech();
  return (
    <div class="stack stack-6 column">
      <StepHead title={t("join-safety-title")} lead={t("join-safety-lead")} />
      {props.choices}
      <div class="actions">
        <button class="btn btn-main" type="button" onClick={props.onDone}>
          {t("join-enter")}
        </button>
      </div>
    </div>
  );
}
