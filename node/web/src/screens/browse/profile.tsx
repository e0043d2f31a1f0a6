import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState, Tag } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { ProfileActions, ProfileModel, ProfilePageModel } from "../browse-model.ts";
import { ownNames } from "../parts/format.ts";
import { Arriving, BackLink, Fact, Facts, Prose, Section } from "../parts/pieces.tsx";
import { OfferCard } from "./offer-card.tsx";

/** A published persona of this community. */
export function ProfilePage(props: {
  readonly model: ProfilePageModel;
  readonly actions: ProfileActions;
}) {
  const { t } = useSpeech();
  const { model, actions } = props;
  return (
    <div class="stack">
      <BackLink text={t("go-back")} onBack={actions.onBack} />
      {model.state === "gone" ? (
        <>
          <h1 class="vh">{t("profile-gone")}</h1>
          <EmptyState icon="me" title={t("profile-gone")} text={t("profile-gone-more")} />
        </>
      ) : (
        <Arriving what={model} heading={t("profile-page")} rows={2} onRetry={actions.onRetry}>
          {(profile) => <Profile profile={profile} actions={actions} />}
        </Arriving>
      )}
    </div>
  );
}

function Profile(props: { readonly profile: ProfileModel; readonly actions: ProfileActions }) {
  const { t, language } = useSpeech();
  const { profile, actions } = props;
  const { persona } = profile;
  return (
    <div class="split split-aside">
      <div class="stack stack-6">
        <div class="row row-keep">
          <PersonaPicture bytes={persona.picture} size="large" />
          <div class="head grow">
            <h1>
              <Written text={persona.name} />
            </h1>
            {persona.pronouns && (
              <p>
                <Written text={persona.pronouns} />
              </p>
            )}
          </div>
        </div>
        {profile.about && <Prose {...profile.about} />}
        {(profile.languages.length > 0 || profile.topics.length > 0) && (
          <Facts>
            {profile.languages.length > 0 && (
              <Fact name={t("facet-languages")}>{ownNames(language, profile.languages)}</Fact>
            )}
            {profile.topics.length > 0 && (
              <Fact name={t("facet-topics")}>
                <ul class="chips">
                  {profile.topics.map((topic) => (
                    <li key={topic.id}>
                      <Tag>
                        <bdi>{topic.text}</bdi>
                      </Tag>
                    </li>
                  ))}
                </ul>
              </Fact>
            )}
          </Facts>
        )}
        {profile.offers.length > 0 && (
          <Section title={t("profile-offers")}>
            <ul class="stack stack-3">
              {profile.offers.map((offer) => (
                <li key={offer.id}>
                  <OfferCard offer={offer} onOpen={actions.onOpenOffer} />
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
      <aside class="stack stick" aria-label={t("offer-actions")}>
        <div class="card stack">
          <p>{profile.listed ? t("profile-listed") : t("profile-unlisted")}</p>
          {profile.mine ? (
            <Button block onPress={actions.onEdit}>
              {t("profile-edit")}
            </Button>
          ) : (
            <Limit>{t("profile-limit")}</Limit>
          )}
        </div>
        {!profile.mine && (
          <div class="actions">
            <Button kind="bare" onPress={actions.onBlock}>
              {t("block")}
            </Button>
            <Button kind="bare" onPress={actions.onReport}>
              {t("report")}
            </Button>
          </div>
        )}
      </aside>
    </div>
  );
}
