//! Pictures and videos of clinics that everybody may see.

use std::collections::HashMap;
use std::time::Duration;

use directory::entity::provider_media::{Model, ProviderMediaCollection, ProviderMediaType};
use kernel::ids::{FileId, ProviderId};
use kernel::{Actor, AppResult};
use platform::App;
use platform::files::signed_link;

/// A public picture or video.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub collection: ProviderMediaCollection,
    pub is_video: bool,
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

/// The approved pictures and videos of some clinics, in their order.
pub(super) async fn of(app: &App, clinics: &[ProviderId]) -> AppResult<HashMap<ProviderId, Vec<Picture>>> {
    let found = directory::gallery::public(app.replica.conn(), clinics).await?;
    let picture = |row: Model| Picture {
        collection: row.collection,
        is_video: row.media_type == ProviderMediaType::Video,
        file: row.file_id,
        title: row.title.unwrap_or_default(),
        alt: row.alt_text,
    };
    Ok(found.into_iter().map(|(clinic, rows)| (clinic, rows.into_iter().map(picture).collect())).collect())
}

/// The picture a card shows: the first one of the house.
pub(super) fn cover(pictures: Option<&Vec<Picture>>) -> Option<&Picture> {
    pictures?.iter().find(|picture| picture.collection == ProviderMediaCollection::Gallery && !picture.is_video)
}
