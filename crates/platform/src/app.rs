//! What every use case is given: the database, the clock, keys, files, mail, settings.

use std::ops::Deref;
use std::sync::Arc;

use kernel::{AppError, AppResult, Clock, SystemClock, Timestamp};

use crate::config::{Config, MailTransport};
use crate::crypto::KeyRing;
use crate::db::Db;
use crate::files::Files;
use crate::mail::Mailer;
use crate::memory::Memory;
use crate::random::{OsRandomness, Randomness};
use crate::settings::Settings;
use crate::signing::SigningKeys;

/// The running program, as use cases and handlers see it. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppInner>);

/// What an [`App`] dereferences to.
#[derive(Clone)]
pub struct AppInner {
    /// The configuration, checked.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// A replica for reads that tolerate lag; the database itself when there is none.
    pub replica: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The generator of tokens and codes.
    pub random: Arc<dyn Randomness>,
    /// The keys.
    pub keys: KeyRing,
    /// Stored files.
    pub files: Files,
    /// Outgoing mail.
    pub mailer: Mailer,
    /// Settings that staff change at run time.
    pub settings: Settings,
    /// The keys that sign access tokens.
    pub signing: SigningKeys,
    /// What wings remember of this database.
    pub memory: Memory,
}

impl Deref for App {
    type Target = AppInner;
    fn deref(&self) -> &AppInner {
        &self.0
    }
}

impl App {
    /// Opens everything the configuration names. The database must be there; its schema is not touched.
    pub async fn build(config: Config) -> AppResult<Self> {
        Self::with_parts(config, Arc::new(SystemClock::default()), Arc::new(OsRandomness)).await
    }

    /// The same with another clock and generator: for tests and demonstrations.
    pub async fn with_parts(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> AppResult<Self> {
        std::fs::create_dir_all(&config.data_dir).map_err(AppError::internal)?;
        let database = &config.database;
        let db = Db::connect(database.url.expose(), database.max_connections, database.slow).await?;
        let replica = match &database.read_url {
            Some(url) => Db::connect(url.expose(), database.max_connections, database.slow).await?,
            None => db.clone(),
        };
        let keys = KeyRing::new(
            config.keys.app_key.clone(),
            config.keys.previous.clone(),
            config.keys.index_key.clone(),
            config.keys.pepper.clone(),
        );
        let files = Files::local(&config.files.folder)?;
        let from = &config.mail.from;
        let mailer = match &config.mail.transport {
            MailTransport::Files { folder } => Mailer::files(folder, from, clock.clone())?,
            MailTransport::Smtp(options) => Mailer::smtp(options, from, clock.clone())?,
            MailTransport::Memory => Mailer::memory(from, clock.clone())?,
        };
        let settings = Settings::default();
        let signing = SigningKeys::default();
        let memory = Memory::default();
        Ok(Self(Arc::new(AppInner {
            config,
            db,
            replica,
            clock,
            random,
            keys,
            files,
            mailer,
            settings,
            signing,
            memory,
        })))
    }

    /// The present instant, in whole seconds.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The same program with other keys: what another process of the installation runs with while keys are replaced.
    pub fn with_keys(&self, keys: KeyRing) -> Self {
        Self(Arc::new(AppInner { keys, ..(*self.0).clone() }))
    }

    /// The same program at another time: demo data is made by the real use cases, only earlier.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(AppInner { clock, ..(*self.0).clone() }))
    }
}
