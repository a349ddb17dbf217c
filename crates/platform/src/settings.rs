//! Settings that staff change at run time: versioned, append-only, cached for seconds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::ids::{SettingVersionId, SystemSettingId};
use kernel::{Actor, ActorKind, AppError, AppResult, Permission, Timestamp};
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, SqlErr,
};
use serde_json::{Map, Value as Json};

use crate::App;
use crate::audit::{self, Entry};
use crate::db::uncounted;
use crate::entity::setting_versions::{self, SettingVersionScopeType};
use crate::entity::system_settings;

/// How long another process may use the values from before a change (R-MG-70 allows 60 s).
const FRESH: Duration = Duration::from_secs(5);
const GLOBAL: &str = "global";

/// A setting: where it is stored, and what holds when nobody changed it.
#[derive(Clone, Copy, Debug)]
pub struct Setting<T: SettingValue> {
    group: &'static str,
    key: &'static str,
    default: T::Default,
}

/// A type settings can have.
pub trait SettingValue: Sized {
    /// The built-in default as a constant.
    type Default: Copy;
    /// The value from its default.
    fn from_default(default: Self::Default) -> Self;
    /// The value from the stored JSON; `None` when it is of another type.
    fn from_json(json: &Json) -> Option<Self>;
    /// The JSON to store.
    fn to_json(&self) -> Json;
}

impl SettingValue for i64 {
    type Default = i64;
    fn from_default(default: i64) -> Self {
        default
    }
    fn from_json(json: &Json) -> Option<Self> {
        json.as_i64()
    }
    fn to_json(&self) -> Json {
        (*self).into()
    }
}

impl SettingValue for bool {
    type Default = bool;
    fn from_default(default: bool) -> Self {
        default
    }
    fn from_json(json: &Json) -> Option<Self> {
        json.as_bool()
    }
    fn to_json(&self) -> Json {
        (*self).into()
    }
}

impl SettingValue for Decimal {
    type Default = Decimal;
    fn from_default(default: Decimal) -> Self {
        default
    }
    fn from_json(json: &Json) -> Option<Self> {
        json.as_str()?.parse().ok()
    }
    fn to_json(&self) -> Json {
        self.to_string().into()
    }
}

impl SettingValue for String {
    type Default = &'static str;
    fn from_default(default: &'static str) -> Self {
        default.to_owned()
    }
    fn from_json(json: &Json) -> Option<Self> {
        json.as_str().map(Self::from)
    }
    fn to_json(&self) -> Json {
        self.as_str().into()
    }
}

impl<T: SettingValue> Setting<T> {
    /// A setting of a group with its built-in default.
    pub const fn new(group: &'static str, key: &'static str, default: T::Default) -> Self {
        Self { group, key, default }
    }

    /// Its group.
    pub fn group(&self) -> &'static str {
        self.group
    }

    /// Its key within the group.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The built-in default.
    pub fn default(&self) -> T {
        T::from_default(self.default)
    }

    /// The value as this process knows it, without looking: for those who hold a transaction and must not wait for another
    /// connection. A process that read no setting yet knows the default.
    pub fn known(&self, app: &App) -> T {
        let last = app.settings.last_known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let json = last.as_ref().and_then(|table| table.value(self.group, self.key, app.now()));
        json.and_then(T::from_json).unwrap_or_else(|| self.default())
    }

    /// The value in force now. When the store cannot be read: the last known value, else the default (R-MG-70).
    pub async fn get(&self, app: &App) -> AppResult<T> {
        let table = app.settings.table(app).await?;
        let Some(json) = table.value(self.group, self.key, app.now()) else { return Ok(self.default()) };
        Ok(T::from_json(json).unwrap_or_else(|| {
            tracing::error!(setting.group = self.group, setting.key = self.key, "stored setting has the wrong type");
            self.default()
        }))
    }
}

/// Every version of every global value, in the order in which they come into force.
#[derive(Default)]
struct Table(HashMap<(String, String), Vec<(Timestamp, Json)>>);

impl Table {
    fn value(&self, group: &str, key: &str, now: Timestamp) -> Option<&Json> {
        let versions = self.0.get(&(group.to_owned(), key.to_owned()))?;
        versions.iter().rev().find(|(from, _)| *from <= now).map(|(_, json)| json)
    }
}

/// The cache of an [`App`]. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    cache: moka::future::Cache<(), Arc<Table>>,
    last_known: Arc<RwLock<Option<Arc<Table>>>>,
}

impl Default for Settings {
    fn default() -> Self {
        let cache = moka::future::Cache::builder().max_capacity(1).time_to_live(FRESH).build();
        Self { cache, last_known: Arc::default() }
    }
}

impl Settings {
    /// Forgets what was read, so that the next reader sees what is stored.
    pub async fn refresh(&self) {
        self.cache.invalidate(&()).await;
    }

    async fn table(&self, app: &App) -> AppResult<Arc<Table>> {
        match self.cache.try_get_with((), uncounted(self.load(app))).await {
            Ok(table) => Ok(table),
            Err(error) => {
                tracing::error!(%error, "settings cannot be read, using the last known ones");
                metrics::counter!("hairline_settings_unreadable_total").increment(1);
                let last = self.last_known.read().unwrap_or_else(PoisonError::into_inner).clone();
                Ok(last.unwrap_or_default())
            }
        }
    }

    async fn load(&self, app: &App) -> AppResult<Arc<Table>> {
        let mut table = Table::default();
        for row in stored(app).await? {
            let text = match row.is_sensitive {
                true => app.keys.open(&kernel::Sealed::<String>::from_ciphertext(row.value))?,
                false => row.value,
            };
            let json = serde_json::from_str(&text)?;
            table.0.entry((row.group_key, row.setting_key)).or_default().push((row.effective_from, json));
        }
        let table = Arc::new(table);
        *self.last_known.write().unwrap_or_else(PoisonError::into_inner) = Some(table.clone());
        Ok(table)
    }
}

#[derive(FromQueryResult)]
struct Stored {
    group_key: String,
    setting_key: String,
    value: String,
    is_sensitive: bool,
    effective_from: Timestamp,
}

async fn stored(app: &App) -> Result<Vec<Stored>, DbErr> {
    system_settings::Entity::find()
        .select_only()
        .columns([
            system_settings::Column::SettingKey,
            system_settings::Column::Value,
            system_settings::Column::IsSensitive,
        ])
        .columns([setting_versions::Column::GroupKey, setting_versions::Column::EffectiveFrom])
        .join(JoinType::InnerJoin, system_settings::Relation::SettingVersion.def())
        .filter(setting_versions::Column::ScopeKey.eq(GLOBAL))
        .order_by_asc(setting_versions::Column::EffectiveFrom)
        .order_by_asc(setting_versions::Column::Version)
        .into_model()
        .all(app.db.conn())
        .await
}

/// New values of one group, saved together as its next version.
#[derive(Default)]
pub struct Changes {
    values: Map<String, Json>,
    group: Option<&'static str>,
    mixed: bool,
    base: Option<i32>,
    from: Option<Timestamp>,
}

impl Changes {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more value.
    pub fn with<T: SettingValue>(mut self, setting: &Setting<T>, value: T) -> Self {
        self.mixed |= self.group.is_some_and(|group| group != setting.group);
        self.group = Some(setting.group);
        self.values.insert(setting.key.to_owned(), value.to_json());
        self
    }

    /// Only if this still is the group's version; else 409 `stale_version`.
    pub fn on_version(mut self, version: i32) -> Self {
        self.base = Some(version);
        self
    }

    /// In force from then on instead of at once.
    pub fn effective_from(mut self, from: Timestamp) -> Self {
        self.from = Some(from);
        self
    }
}

/// Saves new values as the next version of their group and answers with its number (R-MG-70). Never overwrites.
pub async fn set(app: &App, actor: &Actor, group: &'static str, changes: Changes, reason: &str) -> AppResult<i32> {
    actor.require(permission_for(group))?;
    let reason = reason.trim();
    if !(10..=500).contains(&reason.chars().count()) {
        return Err(AppError::field("reason", "reason_length", "Give a reason of 10 to 500 characters."));
    }
    if changes.values.is_empty() || changes.mixed || changes.group != Some(group) {
        return Err(AppError::invalid("unknown_setting", "These settings do not belong to one group."));
    }
    let before = in_force(app, group, &changes).await?;
    let version = crate::write_txn!(app.db, |txn| {
        let version = append(txn, app, actor, group, &changes, reason).await?;
        let entry = Entry::new("setting.changed")
            .subject("setting_group", group)
            .fields(&changes.values.keys().map(String::as_str).collect::<Vec<_>>())
            .reason(reason)
            .change(Some(Json::Object(before.clone())), Some(Json::Object(changes.values.clone())));
        audit::record(txn, app, actor, entry).await?;
        Ok(version)
    })?;
    app.settings.refresh().await;
    Ok(version)
}

/// What changing a group asks for: who may come in is a matter of its own.
pub fn permission_for(group: &str) -> Permission {
    if group == "auth" { Permission::EditAuthPolicy } else { Permission::EditSetting }
}

/// One saved version of a group.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct SavedVersion {
    /// Its number, from 1.
    pub version: i32,
    /// Why.
    pub reason: String,
    /// Who; nobody for what was set at installation.
    pub set_by: Option<kernel::ids::UserId>,
    /// From when on.
    pub effective_from: chrono::DateTime<chrono::Utc>,
    /// The values it set; `[REDACTED]` where they are sensitive.
    pub values: Map<String, Json>,
}

/// The versions of a group, newest first: three statements.
pub async fn history(app: &App, group: &str, page: kernel::PageQuery) -> AppResult<kernel::Page<SavedVersion>> {
    use sea_orm::{PaginatorTrait, QuerySelect};
    let conn = app.db.conn();
    let select = setting_versions::Entity::find()
        .filter(setting_versions::Column::ScopeKey.eq(GLOBAL))
        .filter(setting_versions::Column::GroupKey.eq(group));
    let total = select.clone().count(conn).await?;
    let rows = select
        .order_by_desc(setting_versions::Column::Version)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let ids: Vec<SettingVersionId> = rows.iter().map(|row| row.id).collect();
    let mut values: std::collections::HashMap<SettingVersionId, Map<String, Json>> = std::collections::HashMap::new();
    for row in
        system_settings::Entity::find().filter(system_settings::Column::SettingVersionId.is_in(ids)).all(conn).await?
    {
        let value = match row.is_sensitive {
            true => Json::from("[REDACTED]"),
            false => serde_json::from_str(&row.value)?,
        };
        values.entry(row.setting_version_id).or_default().insert(row.setting_key, value);
    }
    let data = rows.into_iter().map(|row| SavedVersion {
        version: row.version,
        reason: row.reason,
        set_by: row.set_by,
        effective_from: row.effective_from,
        values: values.remove(&row.id).unwrap_or_default(),
    });
    Ok(kernel::Page::new(data.collect(), page, total))
}

/// The number of the group's newest version, 0 when it was never changed.
pub async fn version(conn: &impl sea_orm::ConnectionTrait, group: &str) -> AppResult<i32> {
    let newest = setting_versions::Entity::find()
        .filter(setting_versions::Column::ScopeKey.eq(GLOBAL))
        .filter(setting_versions::Column::GroupKey.eq(group))
        .order_by_desc(setting_versions::Column::Version)
        .one(conn)
        .await?;
    Ok(newest.map_or(0, |row| row.version))
}

async fn in_force(app: &App, group: &str, changes: &Changes) -> AppResult<Map<String, Json>> {
    app.settings.refresh().await;
    let table = app.settings.table(app).await?;
    let known = |key: &String| Some((key.clone(), table.value(group, key, app.now())?.clone()));
    Ok(changes.values.keys().filter_map(known).collect())
}

async fn append(
    txn: &crate::db::Txn,
    app: &App,
    actor: &Actor,
    group: &str,
    changes: &Changes,
    reason: &str,
) -> AppResult<i32> {
    let newest = version(txn, group).await?;
    if changes.base.is_some_and(|base| base != newest) {
        return Err(AppError::stale_version().with("current_version", newest));
    }
    let (id, now) = (SettingVersionId::new(), app.now());
    let row = setting_versions::ActiveModel {
        id: Set(id),
        scope_type: Set(SettingVersionScopeType::Global),
        scope_id: Set(None),
        scope_key: Set(GLOBAL.into()),
        group_key: Set(group.into()),
        version: Set(newest + 1),
        reason: Set(reason.into()),
        set_by: Set(match actor.kind {
            ActorKind::Admin(user) => Some(user),
            _ => None,
        }),
        effective_from: Set(changes.from.unwrap_or(now)),
        created_at: Set(now),
    };
    // Two savers at once make the same number; the unique key lets one through.
    setting_versions::Entity::insert(row).exec_without_returning(txn).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => AppError::stale_version(),
        _ => error.into(),
    })?;
    let values = changes.values.iter().map(|(key, value)| system_settings::ActiveModel {
        id: Set(SystemSettingId::new()),
        setting_version_id: Set(id),
        setting_key: Set(key.clone()),
        value: Set(value.to_string()),
        is_sensitive: Set(false),
        created_at: Set(now),
    });
    system_settings::Entity::insert_many(values).exec_without_returning(txn).await?;
    Ok(newest + 1)
}
