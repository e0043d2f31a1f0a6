import { Later } from "../../ui/later.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { LockChoice, MaskChoice } from "../choices.tsx";
import { failureOf } from "../failures.ts";
import type { JoinState } from "../join/model.ts";
import type { Shell } from "../shell.ts";

interface Props {
  readonly shell: Shell;
  /** Where to begin; for looking at. */
  readonly start?: JoinState;
}

const loadFlow = () => import("../join/flow.tsx").then(({ JoinFlow }) => JoinFlow);

/** Join by an invite. The code comes from the address, where the link was opened. */
export function JoinPage({ shell, start }: Props) {
  const { t } = useSpeech();
  return (
    <Later
      load={loadFlow}
      with={{
        invite: shell.invite.value,
        community: shell.community.value,
        onInvite: (text) => shell.takeInvite(text),
        suggest: () => shell.account.suggest(),
        join: (login) => shell.join(login),
        failureOf,
        choices: (
          <>
            <MaskChoice shell={shell} />
            <LockChoice shell={shell} />
          </>
        ),
        onDone: (remind) => {
          shell.enter();
          if (remind) shell.say(t("sheet-reminder"));
        },
        ...(start === undefined ? {} : { start }),
      }}
    />
  );
}
