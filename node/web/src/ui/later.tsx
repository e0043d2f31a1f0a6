import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ErrorState, Loading } from "./states.tsx";
import { useSpeech } from "./text.tsx";

interface Props<P> {
  /** Loads the component; must be the same function at every call, or it is loaded anew. */
  readonly load: () => Promise<ComponentType<P>>;
  /** What the component gets. */
  readonly with: P;
}

/** A part that is loaded when it is needed: grey shapes meanwhile, a way to try again if it fails. */
export function Later<P extends object>({ load, with: props }: Props<P>) {
  const { t } = useSpeech();
  const [found, setFound] = useState<{ readonly Part: ComponentType<P> } | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    setFailed(false);
    load().then(
      (Part) => current && setFound({ Part }),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [load, attempt]);
  if (found !== null) return <found.Part {...props} />;
  if (!failed) return <Loading rows={2} />;
  return (
    <ErrorState
      title={t("error-unreachable")}
      text={t("error-part-next")}
      onRetry={() => setAttempt(attempt + 1)}
    />
  );
}
