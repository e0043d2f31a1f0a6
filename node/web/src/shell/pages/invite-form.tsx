import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { Shell } from "../shell.ts";

/** A pasted invite. Its code leads to the first step of joining, and to no address. */
export function InviteForm({ shell }: { readonly shell: Shell }) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const go = (): void => {
    const found = shell.takeInvite(text);
    setWrong(!found);
    if (found) shell.goPublic("join");
  };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <h2>{t("invite-title")}</h2>
      <Field
        label={t("invite-link")}
        value={text}
        onInput={setText}
        placeholder="https://…#i=…"
        error={wrong ? t("invite-wrong") : undefined}
        hint={t("invite-note")}
        code
      />
      <Button submit block>
        {t("join-next")}
      </Button>
    </form>
  );
}
