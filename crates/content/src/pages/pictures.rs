//! Pictures of clinics that everybody may see.

use std::collections::HashMap;
use std::time::Duration;

use directory::entity::provider_media::{self, ProviderMediaCollection, ProviderMediaStatus, ProviderMediaType};
use kernel::ids::{FileId, ProviderId};
use kernel::{Actor, AppResult};
use platform::App;
use platform::files::signed_link;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// A public picture.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub collection: ProviderMediaCollection,
    pub file: FileId,
    pub title: String,
    pub alt: String,
}

impl Picture {
    /// Where it is fetched for the next hour, by anybody.
    pub fn src(&self, app: &App) -> String {
        signed_link(app, self.file, &Actor::anonymous(), Duration::from_secs(3600))
    }
}

/// The approved pictures of some clinics, in their order, in one statement.
pub(super) async fn of(app: &App, clinics: &[ProviderId]) -> AppResult<HashMap<ProviderId, Vec<Picture>>> {
    let mut found: HashMap<ProviderId, Vec<Picture>> = HashMap::new();
    if clinics.is_empty() {
        return Ok(found);
    }
    let rows = provider_media::Entity::find()
        .filter(provider_media::Column::ProviderId.is_in(clinics.iter().copied()))
        .filter(provider_media::Column::Status.eq(ProviderMediaStatus::Published))
        .filter(provider_media::Column::MediaType.eq(ProviderMediaType::Image))
        .filter(provider_media::Column::DeletedAt.is_null())
        .order_by_asc(provider_media::Column::SortOrder)
        .order_by_asc(provider_media::Column::Id)
        .all(app.replica.conn())
        .await?;
    for row in rows {
        found.entry(row.provider_id).or_default().push(Picture {
            collection: row.collection,
            file: row.file_id,
            title: row.title.unwrap_or_default(),
            alt: row.alt_text,
        });
    }
    Ok(found)
}

/// The picture a card shows: the first one of the house.
pub(super) fn cover(pictures: Option<&Vec<Picture>>) -> Option<&Picture> {
    pictures?.iter().find(|picture| picture.collection == ProviderMediaCollection::Gallery)
}
