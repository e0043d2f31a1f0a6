import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { LintFinding } from "../offers-model.ts";

const TEXTS = {
  email: { title: "lint-email", more: "lint-contact-more" },
  phone: { title: "lint-phone", more: "lint-contact-more" },
  handle: { title: "lint-handle", more: "lint-contact-more" },
  link: { title: "lint-link", more: "lint-contact-more" },
  name: { title: "lint-name", more: "lint-name-more" },
  employer: { title: "lint-employer", more: "lint-employer-more" },
  place: { title: "lint-place", more: "lint-place-more" },
  address: { title: "lint-address", more: "lint-contact-more" },
  date: { title: "lint-date", more: "lint-date-more" },
  rare: { title: "lint-rare", more: "lint-rare-more" },
} as const satisfies Record<LintFinding["kind"], unknown>;

/** Words that may point to a person: each with the fix first and *Keep it* second. */
export function Lint(props: {
  readonly findings: readonly LintFinding[];
  readonly onFix: (id: string) => void;
  readonly onKeep: (id: string) => void;
}) {
  const { t } = useSpeech();
  return (
    <div role="status">
      {props.findings.length > 0 && (
        <ul class="lint" aria-label={t("lint-list")}>
          {props.findings.map((finding) => (
            <li key={finding.id}>
              <Icon name="look" small />
              <div>
                <b>{t(TEXTS[finding.kind].title, { words: finding.words })}</b>
                <p class="small">{t(TEXTS[finding.kind].more)}</p>
              </div>
              <div class="row">
                {finding.fix !== null && (
                  <Button onPress={() => props.onFix(finding.id)}>
                    {finding.fix === ""
                      ? t("lint-take-out")
                      : t("lint-say", { words: finding.fix })}
                  </Button>
                )}
                {!finding.blocks && (
                  <Button kind="bare" onPress={() => props.onKeep(finding.id)}>
                    {t("lint-keep")}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
