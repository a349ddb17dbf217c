//! What readers of the catalogue get.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::ids::{
    FileId, MediaId, PackageId, PackageItemId, ProviderId, QuestionnaireSetId, TreatmentId, TreatmentIncludeId,
};
use kernel::{Actor, Amount, Currency, Money};
use platform::App;
use platform::files::signed_link;
use platform::media::Item;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::destinations::Destination;
use crate::entity::packages::{PackageCategory, PackageStatus};
use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus};
use crate::entity::treatments::{TreatmentStatus, TreatmentType};
use crate::entity::{treatment_includes, treatments};
use crate::packages::Package;
use crate::questionnaire::QuestionnaireSet;
use crate::rules::questions::Question;

/// A treatment of the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TreatmentView {
    /// Its id.
    pub id: TreatmentId,
    /// Its name.
    pub name: String,
    /// Its technique.
    #[serde(rename = "type")]
    pub kind: TreatmentType,
    /// What it is.
    pub description: String,
    /// Its picture, for the next hour; `null` where the picture is kept elsewhere.
    pub thumbnail: Option<String>,
    /// How long recovery takes.
    pub recovery_time: Option<String>,
    /// How long it takes.
    pub duration_hours: Option<Decimal>,
    /// What is always part of it.
    pub includes: Vec<IncludeView>,
    /// Whether it is offered; always `active` for the public.
    pub status: TreatmentStatus,
    /// For edits by staff.
    pub version: i32,
}

/// Something that is always part of a treatment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IncludeView {
    /// Its id, for edits by staff.
    pub id: TreatmentIncludeId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
}

impl From<&treatment_includes::Model> for IncludeView {
    fn from(row: &treatment_includes::Model) -> Self {
        Self { id: row.id, name: row.include_name.clone(), description: row.include_description.clone() }
    }
}

/// Where everybody fetches a treatment's picture for the next hour.
pub fn thumbnail(app: &App, row: &treatments::Model) -> Option<String> {
    let file: FileId = row.thumbnail.parse().ok()?;
    Some(signed_link(app, file, &Actor::anonymous(), Duration::from_secs(3600)))
}

impl TreatmentView {
    /// A treatment with those of `includes` that are its own.
    pub fn new(app: &App, row: treatments::Model, includes: &[treatment_includes::Model]) -> Self {
        let own = includes.iter().filter(|include| include.treatment_id == row.id);
        Self {
            id: row.id,
            includes: own.map(IncludeView::from).collect(),
            thumbnail: thumbnail(app, &row),
            name: row.treatment_name,
            kind: row.treatment_type,
            description: row.treatment_description,
            recovery_time: row.recovery_time,
            duration_hours: row.duration_hours,
            status: row.status,
            version: row.version,
        }
    }
}

/// What the asking clinic charges for a treatment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PriceView {
    /// The treatment.
    pub treatment_id: TreatmentId,
    /// Its name.
    pub treatment_name: String,
    /// Whether the catalogue still has it.
    pub treatment_status: TreatmentStatus,
    /// The clinic's price; `null` when it was never entered.
    pub price: Option<PriceDetails>,
}

/// The numbers of a clinic's price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PriceDetails {
    /// Fixed part.
    pub base_price: Money,
    /// Part per graft.
    pub price_per_graft: Money,
    /// Fewest grafts.
    pub min_grafts: Option<i32>,
    /// Most grafts.
    pub max_grafts: Option<i32>,
    /// Whether patients can be offered it.
    pub status: ProviderTreatmentPricingStatus,
    /// For the next edit.
    pub version: i32,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

impl PriceView {
    /// A treatment with the clinic's price for it.
    pub fn new(treatment: treatments::Model, price: Option<&pricing::Model>) -> Self {
        Self {
            treatment_id: treatment.id,
            treatment_name: treatment.treatment_name,
            treatment_status: treatment.status,
            price: price.map(|row| PriceDetails {
                base_price: Money::new(row.base_price, row.currency),
                price_per_graft: Money::new(row.price_per_graft, row.currency),
                min_grafts: row.min_grafts,
                max_grafts: row.max_grafts,
                status: row.status,
                version: row.version,
                updated_at: row.updated_at,
            }),
        }
    }
}

/// A clinic's package.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PackageView {
    /// Its id.
    pub id: PackageId,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// Its name.
    pub name: String,
    /// What it costs.
    pub price: Money,
    /// Its kind.
    pub category: PackageCategory,
    /// What it is.
    pub description: Option<String>,
    /// How long it lasts.
    pub duration: Option<String>,
    /// Its conditions.
    pub terms: Option<String>,
    /// Whether it can be put into quotes.
    pub status: PackageStatus,
    /// Its content.
    pub items: Vec<PackageItemView>,
    /// Its pictures, shown with one package only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureView>,
    /// For the next edit.
    pub version: i32,
}

/// A picture of a package.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PictureView {
    /// Its id.
    pub id: MediaId,
    /// Where it is fetched for the next five minutes.
    pub url: String,
}

impl PackageView {
    /// The package with its pictures, for its clinic.
    pub fn with_pictures(mut self, app: &App, actor: &Actor, pictures: &[Item]) -> Self {
        let view = |item: &Item| PictureView {
            id: item.media.id,
            url: signed_link(app, item.file_id(), actor, Duration::from_secs(300)),
        };
        self.pictures = pictures.iter().map(view).collect();
        self
    }
}

/// A line of a package's content.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PackageItemView {
    /// Its id, for edits.
    pub id: PackageItemId,
    /// What it is.
    pub name: String,
    /// How much of it.
    pub value: String,
    /// Informative.
    pub price: Money,
}

impl From<Package> for PackageView {
    fn from(package: Package) -> Self {
        let Package { row, items } = package;
        let item = |item: crate::entity::package_items::Model| PackageItemView {
            id: item.id,
            name: item.item_name,
            value: item.item_value,
            price: Money::new(item.item_price, row.currency),
        };
        Self {
            id: row.id,
            provider_id: row.provider_id,
            price: Money::new(row.package_price, row.currency),
            category: row.package_category,
            description: row.package_description,
            duration: row.duration,
            terms: row.terms,
            status: row.status,
            items: items.into_iter().map(item).collect(),
            pictures: Vec::new(),
            version: row.version,
            name: row.package_name,
        }
    }
}

/// The questionnaire to answer with an inquiry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionnaireView {
    /// The version's id, sent back with the answers.
    pub set_id: QuestionnaireSetId,
    /// The version's number, sent back with the answers.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// What is asked, in order.
    pub questions: Vec<Question>,
}

impl From<QuestionnaireSet> for QuestionnaireView {
    fn from(set: QuestionnaireSet) -> Self {
        let questions = set.asked().into_iter().cloned().collect();
        Self { set_id: set.id, version: set.version, name: set.name, questions }
    }
}

/// An answer to "How did you find out about us?".
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiscoveryOptionView {
    /// Its id.
    pub id: kernel::ids::DiscoveryQuestionId,
    /// What it says.
    pub label: String,
}

/// A country a patient can choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DestinationView {
    /// ISO code.
    pub country_code: String,
    /// Name.
    pub country: String,
    /// How many clinics accept patients there.
    pub clinic_count: u64,
    /// "From" price, or `null` for "price on request".
    pub starting_price: Option<Money>,
    /// Whether the price was converted at today's rate.
    pub approximate: bool,
    /// Whether it belongs to those shown before "more".
    pub shown_first: bool,
}

impl DestinationView {
    /// A destination with its price in the reader's currency.
    pub fn new(destination: Destination, currency: Currency) -> Self {
        let price: Option<Amount> = destination.price.map(|shown| shown.price);
        Self {
            country_code: destination.country.iso_code,
            country: destination.country.name,
            clinic_count: destination.clinics,
            starting_price: price.map(|amount| Money::new(amount, currency)),
            approximate: destination.price.is_some_and(|shown| shown.approximate),
            shown_first: destination.is_first,
        }
    }
}
