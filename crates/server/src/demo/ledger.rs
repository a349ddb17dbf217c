//! What the demonstration made, written down row by row (`demo_registry`), so that it can be told from real data and
//! is made once.

use kernel::ids::DemoRegistryId;
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use platform::entity::demo_registry::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

/// The name of this seeder.
pub const SEEDER: &str = "demo";

/// Notes a row, once.
pub async fn note(app: &App, table: &str, row: impl ToString, key: Option<&str>) -> AppResult<()> {
    let row = ActiveModel {
        id: Set(DemoRegistryId::new()),
        table_name: Set(table.to_owned()),
        row_id: Set(row.to_string()),
        seeder: Set(SEEDER.to_owned()),
        natural_key: Set(key.map(str::to_owned)),
        created_at: Set(app.now()),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::columns([Column::TableName, Column::RowId]).do_nothing_on([Column::Id]).to_owned())
        .try_insert()
        .exec_without_returning(app.db.conn())
        .await?;
    Ok(())
}

/// The row noted under a table and a key.
pub async fn find(app: &App, table: &str, key: &str) -> AppResult<Option<String>> {
    let found = Entity::find()
        .filter(Column::Seeder.eq(SEEDER))
        .filter(Column::TableName.eq(table))
        .filter(Column::NaturalKey.eq(key))
        .one(app.db.conn())
        .await?;
    Ok(found.map(|row| row.row_id))
}

/// The instant all dates are counted from: the first start. A later start goes on with the same one.
pub async fn anchor(app: &App) -> AppResult<Timestamp> {
    const TABLE: &str = "demo";
    const KEY: &str = "anchor";
    if find(app, TABLE, KEY).await?.is_none() {
        note(app, TABLE, app.now().timestamp(), Some(KEY)).await?;
    }
    let stored = find(app, TABLE, KEY).await?.and_then(|text| text.parse().ok());
    let instant = stored.and_then(|seconds| Timestamp::from_timestamp(seconds, 0));
    instant.ok_or_else(|| AppError::internal("the anchor of the demonstration cannot be read"))
}
