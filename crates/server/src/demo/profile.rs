//! What a clinic's page shows: pictures and awards.

use axum::body::Bytes;
use directory::entity::provider_awards;
use directory::entity::provider_media::{self, ProviderMediaCollection, ProviderMediaStatus, ProviderMediaType};
use directory::gallery::{self, NewMedia, Words};
use directory::house::{self, Place};
use kernel::AppResult;
use kernel::ids::{ProviderAwardId, ProviderMediaId};
use platform::App;
use platform::files::{self, Purpose, Upload};
use platform::web::UploadedFile;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use super::cast::Clinic;
use super::houses::State;
use super::ledger;
use super::pictures::Album;

/// What a drawn picture shows: collection, title, words for those who cannot see it.
const HOUSE: [(ProviderMediaCollection, &str, &str); 4] = [
    (ProviderMediaCollection::Gallery, "The clinic", "The clinic seen from the street, with trees in front"),
    (ProviderMediaCollection::Facility, "Reception", "The reception desk with plants on both sides"),
    (ProviderMediaCollection::Facility, "Operating room", "An operating room with a chair, a lamp and a monitor"),
    (ProviderMediaCollection::Facility, "Lounge", "A lounge with a sofa in front of three windows"),
];

/// Adds the pictures and awards that are missing.
pub async fn furnish(app: &App, clinic: &Clinic, number: usize, album: &Album) -> AppResult<()> {
    award(app, clinic).await?;
    if clinic.house.state == State::Draft {
        return Ok(());
    }
    let known = provider_media::Entity::find().filter(provider_media::Column::ProviderId.eq(clinic.id));
    let have = usize::try_from(known.count(app.db.conn()).await?).unwrap_or(0);
    let mut wanted: Vec<(ProviderMediaCollection, String, String, Bytes)> = HOUSE
        .into_iter()
        .zip(album.house(number))
        .map(|((collection, title, alt), bytes)| (collection, title.to_owned(), alt.to_owned(), bytes))
        .collect();
    for (place, (title, first, last)) in clinic.house.team.iter().enumerate() {
        let name = format!("{title} {first} {last}");
        let alt = format!("Portrait of {name}");
        wanted.push((ProviderMediaCollection::Team, name, alt, album.portrait(number * 3 + place)));
    }
    for (order, (collection, title, alt, bytes)) in wanted.into_iter().enumerate().skip(have) {
        add(app, clinic, (collection, order), (title, alt), bytes).await?;
    }
    if clinic.house.state != State::Live {
        return Ok(());
    }
    sign(app, clinic).await?;
    // Something for staff to look at.
    if number.is_multiple_of(5) && have < HOUSE.len() {
        let [.., lounge] = album.house(number + 1);
        let words = Words {
            title: "The new lounge".to_owned(),
            caption: "Opened this spring.".to_owned(),
            alt_text: "A sofa and three windows in warm light".to_owned(),
        };
        let file = UploadedFile { field: "file".to_owned(), file_name: "lounge.png".to_owned(), bytes: lounge };
        let collection = ProviderMediaCollection::Facility;
        let new = NewMedia { collection, words, treatment_id: None, consent_id: None, file };
        let id = gallery::add(app, &clinic.owner, new).await?;
        ledger::note(app, "provider_media", id, None).await?;
    }
    Ok(())
}

/// The clinic's logo, where it has none.
async fn sign(app: &App, clinic: &Clinic) -> AppResult<()> {
    if directory::clinics::load(app.db.conn(), clinic.id).await?.profile_image.is_some() {
        return Ok(());
    }
    let bytes = super::pictures::sign(clinic.house.name)?;
    let file = UploadedFile { field: "file".to_owned(), file_name: "logo.png".to_owned(), bytes };
    house::put(app, &clinic.owner, Place::Logo, file).await
}

async fn award(app: &App, clinic: &Clinic) -> AppResult<()> {
    let known = provider_awards::Entity::find().filter(provider_awards::Column::ProviderId.eq(clinic.id));
    let have = usize::try_from(known.count(app.db.conn()).await?).unwrap_or(0);
    let now = app.now();
    for (order, (name, issuer, year)) in clinic.house.awards.iter().enumerate().skip(have) {
        let id = ProviderAwardId::new();
        provider_awards::ActiveModel {
            id: Set(id),
            provider_id: Set(clinic.id),
            award_name: Set((*name).to_owned()),
            issuer: Set(Some((*issuer).to_owned())),
            description: Set(None),
            award_year: Set(*year),
            award_image: Set(None),
            sort_order: Set(i32::try_from(order).unwrap_or_default()),
            deleted_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(app.db.conn())
        .await?;
        ledger::note(app, "provider_awards", id, None).await?;
    }
    Ok(())
}

async fn add(
    app: &App,
    clinic: &Clinic,
    (collection, order): (ProviderMediaCollection, usize),
    (title, alt): (String, String),
    bytes: Bytes,
) -> AppResult<()> {
    let (id, now) = (ProviderMediaId::new(), app.now());
    let upload = Upload {
        purpose: Purpose::ProviderMedia,
        owner_type: "ProviderMedia",
        owner_id: id.any(),
        file_name: format!("{title}.png"),
        bytes,
    };
    let prepared = files::prepare(app, upload).await?;
    platform::write_txn!(app.db, |txn| {
        let stored = prepared.record(txn, app, &clinic.owner).await?;
        let row = provider_media::ActiveModel {
            id: Set(id),
            provider_id: Set(clinic.id),
            collection: Set(collection),
            media_type: Set(ProviderMediaType::Image),
            file_id: Set(stored.file.id),
            thumbnail: Set(None),
            title: Set(Some(title.clone())),
            caption: Set(None),
            alt_text: Set(alt.clone()),
            treatment_id: Set(None),
            consent_id: Set(None),
            status: Set(ProviderMediaStatus::Published),
            rejection_reason: Set(None),
            width: Set(stored.width),
            height: Set(stored.height),
            duration_seconds: Set(None),
            sort_order: Set(i32::try_from(order).unwrap_or_default()),
            deleted_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        };
        row.insert(txn).await?;
        Ok(())
    })?;
    ledger::note(app, "provider_media", id, None).await
}
