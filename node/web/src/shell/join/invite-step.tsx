import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Check, Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { type Community, rulesOf } from "../community.ts";
import { StepHead } from "./head.tsx";
import { Rules } from "./rules.tsx";

interface Props {
  readonly invite: string | null;
  readonly community: Community | null;
  readonly onInvite: (text: string) => boolean;
  readonly onNext: () => void;
}

/** The invite, what the community asks of its members, and that one agrees. */
export function InviteStep({ invite, community, onInvite, onNext }: Props) {
  const { t } = useSpeech();
  const [link, setLink] = useState("");
  const [wrong, setWrong] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const [asked, setAsked] = useState(false);
  const rules = community ? rulesOf(community) : [];
  const lacking = asked && !agreed;
  const go = (): void => {
    const found = invite !== null || onInvite(link);
    setWrong(!found);
    setAsked(true);
    if (found && agreed) onNext();
  };
  return (
    <form
      class="stack stack-6 column"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <StepHead title={t("join-title")} lead={t("join-lead")} />
      {invite !== null ? (
        <Notice kind="good" title={t("join-invited")}>
          <p class="small">{t("join-invited-more")}</p>
        </Notice>
      ) : (
        <div class="card stack">
          <Field
            label={t("invite-link")}
            value={link}
            onInput={setLink}
            placeholder="https://…#i=…"
            error={wrong ? t("invite-wrong") : undefined}
            hint={t("invite-note")}
            code
          />
        </div>
      )}
      {rules.length > 0 && (
        <section class="stack stack-3" aria-labelledby="rules">
          <h2 id="rules">{t("rules-title")}</h2>
          <Rules rules={rules} />
        </section>
      )}
      <div class="stack stack-2">
        <Check
          label={community?.programme === "youth" ? t("join-agree-youth") : t("join-agree")}
          on={agreed}
          onChange={setAgreed}
          error={lacking ? t("join-agree-first") : undefined}
        />
      </div>
      <div class="actions">
        <Button kind="main" submit>
          {t("join-next")}
        </Button>
      </div>
    </form>
  );
}
