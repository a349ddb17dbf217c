//! The two pictures every clinic's page has a place for: its logo and the cover above the page (R-MG-12, 13).

use kernel::ids::{FileId, ProviderId};
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::files as rows;
use platform::files::{self, Purpose, Upload};
use platform::web::UploadedFile;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::clinics::require_writable;
use crate::entity::providers;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// JPEG or PNG of at most 5 MB, at least 200 pixels wide and high.
    Logo,
    /// JPEG or PNG of at most 10 MB.
    Cover,
}

impl Place {
    /// What an upload for it must be.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Logo => Purpose::ClinicLogo,
            Self::Cover => Purpose::ClinicCover,
        }
    }

    fn column(self) -> providers::Column {
        match self {
            Self::Logo => providers::Column::ProfileImage,
            Self::Cover => providers::Column::CoverImage,
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Logo => "profile_image",
            Self::Cover => "cover_image",
        }
    }

    fn of(self, clinic: &providers::Model) -> Option<FileId> {
        let stored = match self {
            Self::Logo => &clinic.profile_image,
            Self::Cover => &clinic.cover_image,
        };
        stored.as_deref()?.parse().ok()
    }
}

/// The clinic of somebody who may change its profile.
pub(crate) fn editor(actor: &Actor) -> AppResult<ProviderId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::EditProfile)?;
    Ok(provider)
}

/// Puts a picture in the place of the earlier one, which is reachable no more.
///
/// Errors: 403 without `edit_profile` or while the clinic is suspended; 422 `media_type_invalid`,
/// `media_size_exceeded`, `media_quality_insufficient` (`too_small`), `media_unreadable`.
pub async fn put(app: &App, actor: &Actor, place: Place, file: UploadedFile) -> AppResult<()> {
    let provider = editor(actor)?;
    require_writable(app.db.conn(), provider).await?;
    let upload = Upload {
        purpose: place.purpose(),
        owner_type: "Provider",
        owner_id: provider.any(),
        file_name: file.file_name,
        bytes: file.bytes,
    };
    let prepared = files::prepare(app, upload).await.map_err(|error| error.on_field("file"))?;
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, provider).await?;
        let stored = prepared.record(txn, app, actor).await?;
        replace(txn, app, actor, (place, &before), Some(stored.file.id)).await
    })
}

/// Takes a picture away. Doing it again changes nothing.
///
/// Errors: 403 without `edit_profile` or while the clinic is suspended.
pub async fn remove(app: &App, actor: &Actor, place: Place) -> AppResult<()> {
    let provider = editor(actor)?;
    require_writable(app.db.conn(), provider).await?;
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, provider).await?;
        match place.of(&before) {
            Some(_) => replace(txn, app, actor, (place, &before), None).await,
            None => Ok(()),
        }
    })
}

async fn lock(txn: &Txn, provider: ProviderId) -> AppResult<providers::Model> {
    providers::Entity::find_by_id(provider)
        .filter(providers::Column::DeletedAt.is_null())
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)
}

async fn replace(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (place, before): (Place, &providers::Model),
    file: Option<FileId>,
) -> AppResult<()> {
    let old = place.of(before);
    if let Some(old) = old {
        rows::Entity::update_many()
            .col_expr(rows::Column::DeletedAt, Expr::value(app.now()))
            .filter(rows::Column::Id.eq(old))
            .filter(rows::Column::FileableId.eq(before.id.any()))
            .exec(txn)
            .await?;
    }
    providers::Entity::update_many()
        .col_expr(place.column(), Expr::value(file.map(|file| file.to_string())))
        .col_expr(providers::Column::UpdatedAt, Expr::value(app.now()))
        .filter(providers::Column::Id.eq(before.id))
        .exec(txn)
        .await?;
    let fact = |file: Option<FileId>| Some(serde_json::json!({ place.field(): file }));
    let entry = Entry::new("provider.picture_changed")
        .subject("Provider", before.id)
        .provider(before.id)
        .fields(&[place.field()])
        .change(fact(old), fact(file));
    audit::record(txn, app, actor, entry).await
}

/// Says that what the public sees of a clinic is another: whatever was kept of its page is read anew.
pub(crate) async fn touch(txn: &Txn, app: &App, provider: ProviderId) -> AppResult<()> {
    providers::Entity::update_many()
        .col_expr(providers::Column::UpdatedAt, Expr::value(app.now()))
        .filter(providers::Column::Id.eq(provider))
        .exec(txn)
        .await?;
    Ok(())
}
