import { isLanguage, OWN_NAMES, REVIEWED } from "../texts/languages.ts";
import { SPOKEN } from "../texts/spoken.ts";
import type { TextKey } from "../texts/texts.ts";
import { Limit, Select } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { useSpeech } from "../ui/text.tsx";
import { LOCK_AFTER_MINUTES } from "./auto-lock.ts";
import { isMask, MASKS, type Mask } from "./discreet.ts";
import { lookOf } from "./looks.ts";
import type { Shell } from "./shell.ts";

interface Props {
  readonly shell: Shell;
}

/** The language of the page; each stands in its own words. */
export function LanguageChoice({ shell }: Props) {
  const { t, language } = useSpeech();
  return (
    <Select
      label={t("language")}
      value={language}
      options={SPOKEN.map((tag) => ({ value: tag, text: OWN_NAMES[tag], lang: tag }))}
      onChange={(tag) => {
        if (isLanguage(tag)) void shell.setPrefs({ language: tag });
      }}
      {...(REVIEWED.has(language) ? {} : { hint: t("language-unreviewed") })}
    />
  );
}

/** The same in the bar, as a drawing: for those who cannot read the page's language. */
export function LanguagePick({ shell }: Props) {
  const { t, language } = useSpeech();
  return (
    <div class="lang-pick">
      <Icon name="globe" />
      <select
        aria-label={t("language")}
        title={t("language")}
        value={language}
        onChange={(event) => {
          const tag = event.currentTarget.value;
          if (isLanguage(tag)) void shell.setPrefs({ language: tag });
        }}
      >
        {SPOKEN.map((tag) => (
          <option key={tag} value={tag} lang={tag} selected={tag === language}>
            {OWN_NAMES[tag]}
          </option>
        ))}
      </select>
    </div>
  );
}

const MASK_NAMES: Readonly<Record<Mask, TextKey & `mask-${Mask}`>> = {
  none: "mask-none",
  notes: "mask-notes",
  sums: "mask-sums",
  weather: "mask-weather",
};

/** Title of the page under a mask. */
export function maskName(mask: Mask): TextKey & `mask-${Mask}` {
  return MASK_NAMES[mask];
}

/** Discreet mode: which title and icon the page shows. */
export function MaskChoice({ shell }: Props) {
  const { t } = useSpeech();
  return (
    <fieldset class="stack stack-2">
      <legend>{t("discreet")}</legend>
      <div class="masks">
        {MASKS.map((mask) => (
          <label class="mask" key={mask}>
            <input
              type="radio"
              name="mask"
              checked={shell.mask === mask}
              onChange={() => {
                if (isMask(mask)) void shell.setPrefs({ mask });
              }}
            />
            <img src={lookOf(mask).icon} alt="" width="52" height="52" />
            <span>{t(MASK_NAMES[mask])}</span>
          </label>
        ))}
      </div>
      <Limit>{t("discreet-limit")}</Limit>
    </fieldset>
  );
}

/** Minutes until the vault locks itself. */
export function LockChoice({ shell }: Props) {
  const { t } = useSpeech();
  const minutes = [...LOCK_AFTER_MINUTES].sort((a, b) => a - b);
  return (
    <div class="stack stack-2">
      <Select
        label={t("auto-lock")}
        value={String(shell.prefs.value.lockMinutes)}
        options={minutes.map((n) => ({
          value: String(n),
          text: t("auto-lock-minutes", { minutes: n }),
        }))}
        onChange={(value) => void shell.setPrefs({ lockMinutes: Number(value) })}
      />
      <Limit>{t("auto-lock-limit")}</Limit>
    </div>
  );
}
