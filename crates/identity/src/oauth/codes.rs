//! Authorisation codes: ten minutes, once (R-ID-40).

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::ask::Parameters;
use super::error::{OauthError, OauthResult};
use super::grants::{Granted, guard_of};
use crate::accounts;
use crate::digest::sha256;
use crate::entity::oauth_auth_codes::OauthAuthCodeChallengeMethod;
use crate::entity::{auth_sessions, oauth_access_tokens, oauth_auth_codes, oauth_clients};
use crate::rules::scopes;
use crate::service::sessions::{self, Carrier, Holder, Opening};

const LIFETIME: Duration = Duration::minutes(10);

/// The challenge that belongs to a verifier (RFC 7636, `S256`).
pub(crate) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether a text can be a verifier or a challenge: 43 to 128 unreserved characters.
pub(crate) fn is_pkce(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(plain)
}

/// What somebody consented to.
pub(crate) struct Consent<'a> {
    pub client: &'a oauth_clients::Model,
    pub redirect_uri: &'a str,
    pub scopes: &'a BTreeSet<String>,
    pub challenge: Option<&'a str>,
}

/// Makes a code for the account that consented.
pub(crate) async fn issue(app: &App, actor: &Actor, consent: &Consent<'_>) -> AppResult<String> {
    let (Some(guard), (_, Some(id)), Some(session)) = (actor.guard(), actor.reference(), actor.session) else {
        return Err(AppError::unauthenticated());
    };
    let (code, now) = (app.random.token(), app.now());
    platform::write_txn!(app.db, |txn| {
        let row = oauth_auth_codes::ActiveModel {
            id: Set(sha256(&code)),
            user_id: Set(id),
            client_id: Set(consent.client.id),
            scopes: Set(Some(scopes::to_column(consent.scopes))),
            redirect_uri: Set(consent.redirect_uri.to_owned()),
            code_challenge: Set(consent.challenge.map(str::to_owned)),
            code_challenge_method: Set(consent.challenge.map(|_| OauthAuthCodeChallengeMethod::S256)),
            session_id: Set(Some(session)),
            access_token_id: Set(None),
            revoked: Set(false),
            expires_at: Set(now + LIFETIME),
            created_at: Set(now),
            updated_at: Set(now),
        };
        oauth_auth_codes::Entity::insert(row).exec_without_returning(txn).await?;
        let entry = Entry::new("oauth_consent.given")
            .subject("OauthClient", consent.client.id)
            .change(None, Some(serde_json::json!({ "guard": guard.name(), "scopes": consent.scopes })));
        audit::record(txn, app, actor, entry).await
    })?;
    Ok(code)
}

fn refused(why: &'static str) -> OauthError {
    OauthError::invalid_grant(why)
}

/// Exchanges a code for tokens. A code that comes a second time ends what was made of it: one of the two was a thief.
pub(crate) async fn redeem(
    app: &App,
    origin: &Actor,
    client: &oauth_clients::Model,
    parameters: &Parameters,
) -> OauthResult<Granted> {
    let code = parameters.need("code")?;
    let redirect_uri = parameters.need("redirect_uri")?;
    let verifier = parameters.get("code_verifier");
    let guard = guard_of(client)?;
    let policy = sessions::policy_of(app, guard).await?;
    // A replay must be answered and its consequences committed, so the refusal is the value.
    platform::write_txn!(app.db, |txn| {
        let row = oauth_auth_codes::Entity::find_by_id(sha256(code)).lock_exclusive().one(txn).await?;
        let unknown = "The code is unknown, used or too old.";
        let Some(row) = row.filter(|row| row.client_id == client.id) else { return Ok(Err(refused(unknown))) };
        if row.revoked {
            end_replayed(txn, app, origin, client, &row).await?;
            return Ok(Err(refused(unknown)));
        }
        let now = app.now();
        if now >= row.expires_at {
            return Ok(Err(refused(unknown)));
        }
        if row.redirect_uri != redirect_uri {
            return Ok(Err(refused("The redirect_uri is another one than before.")));
        }
        if !verifier_fits(row.code_challenge.as_deref(), verifier, client.secret.is_none()) {
            return Ok(Err(refused("The code_verifier does not fit.")));
        }
        let session = match row.session_id {
            Some(id) => auth_sessions::Entity::find_by_id(id).one(txn).await?,
            None => None,
        };
        // Whoever signed out or lost the account meanwhile consents to nothing any more.
        let Some(session) = session.filter(|session| session.revoked_at.is_none()) else {
            return Ok(Err(refused(unknown)));
        };
        let account = accounts::by_id(txn, guard, row.user_id).await?;
        if let Some(refusal) = account.standing.refusal(now) {
            return Ok(Err(OauthError::of_grant(refusal)));
        }
        if !take(txn, app, &row.id).await? {
            return Ok(Err(refused(unknown)));
        }
        let granted = scopes::from_column(row.scopes.as_deref());
        let opening = Opening {
            holder: Holder { guard, id: row.user_id },
            client: client.id,
            scopes: granted.clone(),
            proven_at: session.last_auth_at,
            mfa_at: session.mfa_at,
            device: Some(client.name.clone()),
        };
        let (tokens, access_id) = sessions::open_for(txn, app, origin, opening, (policy, Carrier::Bearer)).await?;
        oauth_auth_codes::Entity::update_many()
            .col_expr(oauth_auth_codes::Column::AccessTokenId, Expr::value(access_id))
            .filter(oauth_auth_codes::Column::Id.eq(&row.id))
            .exec(txn)
            .await?;
        let actor = account.actor(origin).in_session(tokens.session_id);
        let entry = Entry::new("oauth_token.issued").subject("OauthClient", client.id);
        audit::record(txn, app, &actor, entry).await?;
        Ok(Ok(Granted::of(tokens, &granted)))
    })?
}

/// Marks the code as used; of two exchanges at once the condition lets one through.
async fn take(txn: &Txn, app: &App, id: &str) -> AppResult<bool> {
    let taken = oauth_auth_codes::Entity::update_many()
        .col_expr(oauth_auth_codes::Column::Revoked, Expr::value(true))
        .col_expr(oauth_auth_codes::Column::UpdatedAt, Expr::value(app.now()))
        .filter(oauth_auth_codes::Column::Id.eq(id))
        .filter(oauth_auth_codes::Column::Revoked.eq(false))
        .exec(txn)
        .await?;
    Ok(taken.rows_affected == 1)
}

fn verifier_fits(challenge: Option<&str>, verifier: Option<&str>, public: bool) -> bool {
    match (challenge, verifier) {
        (Some(challenge), Some(verifier)) => {
            is_pkce(verifier) && bool::from(challenge_of(verifier).as_bytes().ct_eq(challenge.as_bytes()))
        }
        // A verifier without a challenge: somebody took the challenge out of the first request.
        (None, None) => !public,
        _ => false,
    }
}

async fn end_replayed(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    client: &oauth_clients::Model,
    row: &oauth_auth_codes::Model,
) -> AppResult<()> {
    let made = match &row.access_token_id {
        Some(id) => oauth_access_tokens::Entity::find_by_id(id.clone()).one(txn).await?,
        None => None,
    };
    let Some((session, guard)) = made.and_then(|token| token.session_id.zip(token.guard)) else { return Ok(()) };
    sessions::revoke(txn, app, session, "code_replay").await?;
    let entry = Entry::new("oauth_code.replayed").subject("OauthClient", client.id).denied();
    audit::record(txn, app, origin, entry).await?;
    let event = Event::new("security.token_reuse", kernel::Guard::from(guard).model_type(), row.user_id)
        .occurrence(session)
        .with("session_id", session);
    outbox::emit(txn, app, origin, event).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn golden_8_pkce() {
        assert_eq!(challenge_of(VERIFIER), CHALLENGE);
        assert!(verifier_fits(Some(CHALLENGE), Some(VERIFIER), true));
        assert!(!verifier_fits(Some(CHALLENGE), Some(CHALLENGE), true), "the challenge itself is no verifier");
        assert!(!verifier_fits(Some(CHALLENGE), None, false));
        assert!(!verifier_fits(None, Some(VERIFIER), false));
        assert!(verifier_fits(None, None, false) && !verifier_fits(None, None, true));
    }

    #[test]
    fn verifiers_have_their_length_and_alphabet() {
        assert!(is_pkce(VERIFIER) && is_pkce(&"a".repeat(128)));
        for wrong in ["a".repeat(42), "a".repeat(129), format!("{VERIFIER}+"), format!("{VERIFIER} ")] {
            assert!(!is_pkce(&wrong), "{wrong}");
        }
    }
}
