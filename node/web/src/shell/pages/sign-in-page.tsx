import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Later } from "../../ui/later.tsx";
import { Notice } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { PublicLink } from "../link.tsx";
import type { Shell } from "../shell.ts";
import { SignInForm } from "./sign-in-form.tsx";

const loadRecover = () => import("./recover-form.tsx").then(({ RecoverForm }) => RecoverForm);

/** Sign in, or get back in by the recovery sheet. */
export function SignInPage({ shell }: { readonly shell: Shell }) {
  const { t } = useSpeech();
  const [recovering, setRecovering] = useState(false);
  if (recovering) {
    return (
      <div class="stack stack-5 column">
        <div class="head">
          <h1>{t("recover-title")}</h1>
          <p class="lead">{t("recover-lead")}</p>
        </div>
        <Later load={loadRecover} with={{ shell, onBack: () => setRecovering(false) }} />
      </div>
    );
  }
  return (
    <div class="stack stack-5 column-narrow">
      <h1>{t("nav-sign-in")}</h1>
      {shell.locked.value && (
        <div role="status">
          <Notice title={t("locked-title")}>
            <p class="small">{t("locked-note")}</p>
          </Notice>
        </div>
      )}
      <SignInForm shell={shell} />
      <div class="actions">
        <Button kind="bare" icon="paper" onPress={() => setRecovering(true)}>
          {t("recover-open")}
        </Button>
        <PublicLink shell={shell} page="join" class="btn btn-bare">
          {t("invite-title")}
        </PublicLink>
      </div>
    </div>
  );
}
