//! The keys that sign access tokens (RS256), and the tokens made and read with them.
//!
//! Every key is a version of the group `signing_keys` in the settings' tables, in a scope of its own: the public half in
//! clear, the private half sealed with the lasting key. All processes on one database share it, nothing has to be copied
//! between machines, and the unique version number lets one of two first starts make the key. The tables are
//! append-only, so a key is never changed: a newer version takes over, and the older one only verifies for the life of
//! the tokens it made.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use kernel::ids::{SettingVersionId, SystemSettingId};
use kernel::{Actor, AppError, AppResult, Sealed, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, SqlErr,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::App;
use crate::audit::{self, Entry};
use crate::config::Mode;
use crate::db::uncounted;
use crate::entity::setting_versions::{self, SettingVersionScopeType};
use crate::entity::system_settings;

/// How long another process may not know of a new key.
const FRESH: Duration = Duration::from_secs(5);

/// A new key is published before it signs: longer than [`FRESH`], so that every process can verify its first token.
const ANNOUNCED: TimeDelta = TimeDelta::seconds(10);

/// How long a key still verifies after the next one took over: the life of an access token.
const OVERLAP: TimeDelta = TimeDelta::minutes(15);

/// Tokens people made for their scripts live longer than the key that signed them. Their row in the database is what
/// counts; the signature is still looked at for this long.
const REMEMBERED: TimeDelta = TimeDelta::days(91);

const SCOPE: &str = "signing";
const GROUP: &str = "signing_keys";
const PRIVATE: &str = "private_key";
const PUBLIC: &str = "public_key";

/// The public half of a key as clients fetch it (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `RSA`.
    pub kty: String,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// `RS256`.
    pub alg: String,
    /// The thumbprint of the key (RFC 7638).
    pub kid: String,
    /// Modulus.
    pub n: String,
    /// Exponent.
    pub e: String,
}

struct SigningKey {
    public: Jwk,
    verifier: DecodingKey,
    /// Only keys that may still sign have it.
    pair: Option<RsaKeyPair>,
    from: Timestamp,
    /// When the next key takes over.
    retired: Option<Timestamp>,
}

impl SigningKey {
    fn verifies(&self, now: Timestamp) -> bool {
        self.retired.is_none_or(|at| now < at + OVERLAP)
    }
}

/// Newest first.
#[derive(Default)]
struct KeySet(Vec<SigningKey>);

impl KeySet {
    fn signer(&self, now: Timestamp) -> Option<(&SigningKey, &RsaKeyPair)> {
        let usable = || self.0.iter().filter_map(|key| Some((key, key.pair.as_ref()?)));
        usable().find(|(key, _)| key.from <= now).or_else(|| usable().next_back())
    }
}

/// The keys of an [`App`]. Cheap to clone.
#[derive(Clone)]
pub struct SigningKeys {
    cache: moka::future::Cache<(), Arc<KeySet>>,
    last_known: Arc<RwLock<Arc<KeySet>>>,
}

impl Default for SigningKeys {
    fn default() -> Self {
        let cache = moka::future::Cache::builder().max_capacity(1).time_to_live(FRESH).build();
        Self { cache, last_known: Arc::default() }
    }
}

/// Why a token is none of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forged {
    /// No token at all.
    Unreadable,
    /// Another way of signing than ours: `none`, or HS256 with the public key as its secret.
    Algorithm,
    /// A signature that no key of ours made.
    Signature,
}

/// A token that one of our keys signed.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    /// What it says.
    pub claims: T,
    /// The key's time is over: only what the database vouches for may still come with it.
    pub retired: bool,
}

impl SigningKeys {
    /// Reads the keys, and makes the first one where there is none. Call it outside of transactions, before [`sign`].
    ///
    /// [`sign`]: SigningKeys::sign
    pub async fn ready(&self, app: &App) -> AppResult<()> {
        self.set(app).await.map(drop)
    }

    async fn set(&self, app: &App) -> AppResult<Arc<KeySet>> {
        let loaded = self.cache.try_get_with((), uncounted(load_or_make(app))).await;
        let set = loaded.map_err(|error: Arc<AppError>| AppError::internal(error.to_string()))?;
        *self.last_known.write().unwrap_or_else(PoisonError::into_inner) = set.clone();
        Ok(set)
    }

    /// Signs claims with the key in force. It reads no database, so it may be called within a transaction.
    pub fn sign(&self, claims: &impl Serialize, now: Timestamp) -> AppResult<String> {
        let set = self.last_known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (key, pair) = set.signer(now).ok_or_else(|| AppError::internal("no signing key can be opened"))?;
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": key.public.kid });
        let part = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        let text = format!("{}.{}", part(serde_json::to_vec(&header)?), part(serde_json::to_vec(claims)?));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| AppError::internal("a token could not be signed"))?;
        Ok(format!("{text}.{}", part(signature)))
    }

    /// Reads a token. Its times are the caller's to check, by the program's clock.
    pub async fn verify<T: DeserializeOwned>(&self, app: &App, token: &str) -> AppResult<Result<Verified<T>, Forged>> {
        // `none` and other algorithms this program has never heard of do not even parse.
        let algorithm = token
            .split('.')
            .next()
            .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())
            .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
            .and_then(|header| header.get("alg")?.as_str().map(str::to_owned));
        match algorithm.as_deref() {
            None => return Ok(Err(Forged::Unreadable)),
            Some("RS256") => {}
            Some(_) => return Ok(Err(Forged::Algorithm)),
        }
        let Ok(header) = jsonwebtoken::decode_header(token) else { return Ok(Err(Forged::Unreadable)) };
        let set = self.set(app).await?;
        let now = app.now();
        let Some(key) = set.0.iter().find(|key| Some(&key.public.kid) == header.kid.as_ref()) else {
            return Ok(Err(Forged::Signature));
        };
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Ok(match jsonwebtoken::decode::<T>(token, &key.verifier, &validation) {
            Ok(data) => Ok(Verified { claims: data.claims, retired: !key.verifies(now) }),
            Err(_) => Err(Forged::Signature),
        })
    }

    /// The public keys that verify tokens now or soon.
    pub async fn published(&self, app: &App) -> AppResult<Vec<Jwk>> {
        let now = app.now();
        Ok(self.set(app).await?.0.iter().filter(|key| key.verifies(now)).map(|key| key.public.clone()).collect())
    }

    /// Makes the next key; it signs ten seconds from now on, when every process knows it. Answers its `kid`.
    pub async fn rotate(&self, app: &App, actor: &Actor) -> AppResult<String> {
        self.ready(app).await?;
        let made = generate().await?;
        let public = made.public.clone();
        let from = app.now() + ANNOUNCED;
        crate::write_txn!(app.db, |txn| {
            let newest = newest_version(txn).await?;
            append(txn, app, actor, &made, newest + 1, from).await?;
            let entry = Entry::new("signing_key.rotated").subject("signing_key", &public.kid);
            audit::record(txn, app, actor, entry).await
        })?;
        self.cache.invalidate(&()).await;
        self.ready(app).await?;
        Ok(public.kid)
    }
}

#[derive(FromQueryResult)]
struct Stored {
    version: i32,
    effective_from: Timestamp,
    setting_key: String,
    value: String,
}

async fn load_or_make(app: &App) -> AppResult<Arc<KeySet>> {
    let rows = stored(app).await?;
    if !rows.is_empty() {
        return read(app, rows);
    }
    let made = first_key(app).await?;
    let system = Actor::system();
    let outcome = crate::write_txn!(app.db, |txn| { append(txn, app, &system, &made, 1, app.now()).await });
    match outcome {
        Ok(()) => tracing::info!(kid = %made.public.kid, "the first signing key was made"),
        // Another process was first: its key is the one.
        Err(error) if error.code == "stale_version" => {}
        Err(error) => return Err(error),
    }
    read(app, stored(app).await?)
}

async fn stored(app: &App) -> AppResult<Vec<Stored>> {
    Ok(system_settings::Entity::find()
        .select_only()
        .columns([system_settings::Column::SettingKey, system_settings::Column::Value])
        .columns([setting_versions::Column::Version, setting_versions::Column::EffectiveFrom])
        .join(JoinType::InnerJoin, system_settings::Relation::SettingVersion.def())
        .filter(setting_versions::Column::ScopeKey.eq(SCOPE))
        .filter(setting_versions::Column::GroupKey.eq(GROUP))
        .order_by_desc(setting_versions::Column::Version)
        // Two rows a key. Whoever rotates more often than fifty times in three months ends older personal tokens.
        .limit(100)
        .into_model()
        .all(app.db.conn())
        .await?)
}

fn read(app: &App, rows: Vec<Stored>) -> AppResult<Arc<KeySet>> {
    let now = app.now();
    let mut keys: Vec<SigningKey> = Vec::new();
    let mut successor = None;
    for row in rows.iter().filter(|row| row.setting_key == PUBLIC) {
        let retired = successor.replace(row.effective_from);
        if retired.is_some_and(|at| now >= at + REMEMBERED) {
            break;
        }
        let public: Jwk = serde_json::from_str(&row.value)?;
        let may_sign = retired.is_none_or(|at| now < at);
        let private = rows.iter().find(|other| other.version == row.version && other.setting_key == PRIVATE);
        let pair = match private.filter(|_| may_sign).map(|row| open(app, &row.value)) {
            Some(Ok(pair)) => Some(pair),
            // The pepper behind the lasting key is another one. Tokens are still verified, and whoever looks after the house
            // is told; to make a key unasked would let every process with a wrong pepper replace that of the others.
            Some(Err(error)) => {
                tracing::error!(kid = %public.kid, %error, "a signing key cannot be opened: run `hairline keys rotate-signing`");
                None
            }
            None => None,
        };
        let verifier = DecodingKey::from_rsa_components(&public.n, &public.e).map_err(AppError::internal)?;
        keys.push(SigningKey { public, verifier, pair, from: row.effective_from, retired });
    }
    Ok(Arc::new(KeySet(keys)))
}

fn open(app: &App, value: &str) -> AppResult<RsaKeyPair> {
    let text: String = app.keys.open(&Sealed::from_ciphertext(value))?;
    let der = STANDARD.decode(text).map_err(AppError::internal)?;
    RsaKeyPair::from_pkcs8(&der).map_err(|_| AppError::internal("a signing key is damaged"))
}

async fn newest_version(conn: &impl sea_orm::ConnectionTrait) -> AppResult<i32> {
    let newest = setting_versions::Entity::find()
        .filter(setting_versions::Column::ScopeKey.eq(SCOPE))
        .filter(setting_versions::Column::GroupKey.eq(GROUP))
        .order_by_desc(setting_versions::Column::Version)
        .one(conn)
        .await?;
    Ok(newest.map_or(0, |row| row.version))
}

async fn append(
    txn: &crate::db::Txn,
    app: &App,
    actor: &Actor,
    made: &Made,
    version: i32,
    from: Timestamp,
) -> AppResult<()> {
    let (id, now) = (SettingVersionId::new(), app.now());
    let row = setting_versions::ActiveModel {
        id: Set(id),
        scope_type: Set(SettingVersionScopeType::Global),
        scope_id: Set(None),
        // Not `global`: settings of staff are listed and cached by that word.
        scope_key: Set(SCOPE.into()),
        group_key: Set(GROUP.into()),
        version: Set(version),
        reason: Set("A new key signs access tokens".into()),
        set_by: Set(actor.admin().ok()),
        effective_from: Set(from),
        created_at: Set(now),
    };
    setting_versions::Entity::insert(row).exec_without_returning(txn).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => AppError::stale_version(),
        _ => error.into(),
    })?;
    let sealed = app.keys.seal_lasting(&STANDARD.encode(&made.private));
    let halves =
        [(PUBLIC, serde_json::to_string(&made.public)?, false), (PRIVATE, sealed.ciphertext().to_owned(), true)];
    let values = halves.into_iter().map(|(key, value, is_sensitive)| system_settings::ActiveModel {
        id: Set(SystemSettingId::new()),
        setting_version_id: Set(id),
        setting_key: Set(key.into()),
        value: Set(value),
        is_sensitive: Set(is_sensitive),
        created_at: Set(now),
    });
    system_settings::Entity::insert_many(values).exec_without_returning(txn).await?;
    Ok(())
}

#[derive(Clone)]
struct Made {
    public: Jwk,
    private: Vec<u8>,
}

/// Automatic tests start hundreds of installations: those of one process begin with one key.
async fn first_key(app: &App) -> AppResult<Made> {
    static FOR_TESTS: OnceLock<Made> = OnceLock::new();
    if app.config.mode != Mode::Test {
        return generate().await;
    }
    if let Some(made) = FOR_TESTS.get() {
        return Ok(made.clone());
    }
    let made = generate().await?;
    Ok(FOR_TESTS.get_or_init(|| made).clone())
}

async fn generate() -> AppResult<Made> {
    tokio::task::spawn_blocking(make).await.map_err(AppError::internal)?
}

fn make() -> AppResult<Made> {
    let failed = |_| AppError::internal("a signing key could not be made");
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
    let private = AsDer::<Pkcs8V1Der>::as_der(&pair).map_err(failed)?.as_ref().to_vec();
    let public = pair.public_key();
    let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
    let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
    // The members in this order and nothing else: the thumbprint anybody can compute (RFC 7638).
    let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)));
    let public = Jwk { kty: "RSA".into(), usage: "sig".into(), alg: "RS256".into(), kid, n, e };
    Ok(Made { public, private })
}
