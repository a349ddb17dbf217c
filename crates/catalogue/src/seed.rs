//! Believable catalogue data for demonstrations and for tests of the wings above.

use axum::body::Bytes;
use kernel::ids::{
    LocationStartingPriceId, PackageId, ProviderId, ProviderTreatmentPricingId, TreatmentId, TreatmentIncludeId, UserId,
};
use kernel::{Actor, Amount, AppResult, Currency, Money};
use platform::App;
use platform::files::{self, Purpose, Upload};
use rust_decimal::Decimal;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::entity::location_starting_prices;
use crate::entity::packages::{self, PackageCategory, PackageStatus};
use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus};
use crate::entity::treatment_includes::{self, TreatmentIncludeStatus};
use crate::entity::treatments::{self, TreatmentStatus, TreatmentType};
use crate::fx;

/// Name, technique, hours, recovery, description of each treatment.
const TREATMENTS: [(&str, TreatmentType, i64, &str, &str); 6] = [
    (
        "FUE hair transplant",
        TreatmentType::Fue,
        80,
        "10 days",
        "Single follicular units are taken one by one and placed where hair is missing.",
    ),
    (
        "FUT hair transplant",
        TreatmentType::Fut,
        70,
        "14 days",
        "A strip of skin is taken from the back of the head and divided into grafts.",
    ),
    (
        "DHI hair transplant",
        TreatmentType::Dhi,
        80,
        "8 days",
        "Grafts are placed directly with an implanter pen, without channels made before.",
    ),
    (
        "Sapphire FUE hair transplant",
        TreatmentType::SapphireFue,
        80,
        "8 days",
        "FUE with sapphire blades, which make finer channels and heal faster.",
    ),
    ("Beard transplant", TreatmentType::Other, 50, "7 days", "Grafts from the scalp fill gaps in beard and moustache."),
    (
        "Robotic hair transplant",
        TreatmentType::Robotic,
        70,
        "10 days",
        "A robot takes the grafts, a surgeon places them.",
    ),
];

/// What every treatment includes.
const INCLUDES: [(&str, &str); 3] = [
    ("Local anaesthesia", "So that nothing hurts."),
    ("First wash", "The day after, at the clinic."),
    ("Medicine for the first days", "Pain relief and antibiotics."),
];

/// The treatments of the catalogue, made by `owner`; those that exist are left as they are.
pub async fn treatments(app: &App, owner: UserId) -> AppResult<Vec<treatments::Model>> {
    let now = app.now();
    let mut made = Vec::new();
    for (name, kind, tenth_hours, recovery, description) in TREATMENTS {
        let known = treatments::Entity::find().filter(treatments::Column::TreatmentName.eq(name));
        if let Some(found) = known.one(app.db.conn()).await? {
            made.push(found);
            continue;
        }
        let id = TreatmentId::new();
        let row = treatments::ActiveModel {
            id: Set(id),
            user_id: Set(owner),
            treatment_name: Set(name.to_owned()),
            treatment_type: Set(kind),
            treatment_description: Set(description.to_owned()),
            thumbnail: Set(format!("treatments/{id}.jpg")),
            video: Set(None),
            status: Set(TreatmentStatus::Active),
            ended_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
            technique_specifications: Set(None),
            recovery_time: Set(Some(recovery.to_owned())),
            duration_hours: Set(Some(Decimal::new(tenth_hours, 1))),
            version: Set(1),
        };
        made.push(row.insert(app.db.conn()).await?);
        let includes = INCLUDES.iter().zip(0..).map(|((name, description), order)| treatment_includes::ActiveModel {
            id: Set(TreatmentIncludeId::new()),
            treatment_id: Set(id),
            include_name: Set((*name).to_owned()),
            include_description: Set(Some((*description).to_owned())),
            order_index: Set(order),
            status: Set(TreatmentIncludeStatus::Active),
            created_at: Set(now),
            updated_at: Set(now),
        });
        treatment_includes::Entity::insert_many(includes).exec(app.db.conn()).await?;
    }
    Ok(made)
}

/// The picture of a treatment, set without telling anybody.
pub async fn thumbnail(app: &App, actor: &Actor, treatment: TreatmentId, bytes: Bytes) -> AppResult<()> {
    let upload = Upload {
        purpose: Purpose::CataloguePicture,
        owner_type: "Treatment",
        owner_id: treatment.any(),
        file_name: "treatment.png".to_owned(),
        bytes,
    };
    let stored = files::store(app.db.conn(), app, actor, upload).await?;
    let change = treatments::ActiveModel {
        id: Set(treatment),
        thumbnail: Set(stored.file.id.to_string()),
        ..Default::default()
    };
    change.update(app.db.conn()).await?;
    Ok(())
}

/// A clinic's offered price of a treatment.
pub async fn price(
    app: &App,
    provider: ProviderId,
    treatment: TreatmentId,
    base: Money,
    per_graft: Amount,
) -> AppResult<pricing::Model> {
    let now = app.now();
    let row = pricing::ActiveModel {
        id: Set(ProviderTreatmentPricingId::new()),
        provider_id: Set(provider),
        treatment_id: Set(treatment),
        base_price: Set(base.amount),
        price_per_graft: Set(per_graft),
        currency: Set(base.currency),
        min_grafts: Set(None),
        max_grafts: Set(None),
        status: Set(ProviderTreatmentPricingStatus::Offered),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(row.insert(app.db.conn()).await?)
}

/// An active package of a clinic.
pub async fn package(
    app: &App,
    provider: ProviderId,
    name: &str,
    category: PackageCategory,
    price: Money,
) -> AppResult<packages::Model> {
    let now = app.now();
    let row = packages::ActiveModel {
        id: Set(PackageId::new()),
        provider_id: Set(provider),
        package_name: Set(name.to_owned()),
        package_price: Set(price.amount),
        currency: Set(price.currency),
        package_description: Set(None),
        package_category: Set(category),
        status: Set(PackageStatus::Active),
        created_at: Set(now),
        updated_at: Set(now),
        duration: Set(None),
        terms: Set(None),
        version: Set(1),
        deleted_at: Set(None),
    };
    Ok(row.insert(app.db.conn()).await?)
}

/// Rates per US dollar for pounds, euros and lira, with 5 % markup each.
pub async fn fx_rates(app: &App) -> AppResult<()> {
    for (currency, hundredths) in [(Currency::GBP, 79), (Currency::EUR, 92), (Currency::TRY, 3450)] {
        let base = Decimal::new(hundredths, 2);
        fx::set_manual_rate(app.db.conn(), app.now(), currency, base, Decimal::new(500, 2)).await?;
    }
    Ok(())
}

/// A "from" price of a whole country, since ever.
pub async fn starting_price(app: &App, country_name: &str, price: Money, is_fallback: bool) -> AppResult<()> {
    let now = app.now();
    location_starting_prices::ActiveModel {
        id: Set(LocationStartingPriceId::new()),
        location_id: Set(None),
        country_name: Set(Some(country_name.to_owned())),
        starting_price: Set(price.amount),
        currency: Set(price.currency),
        description: Set(None),
        effective_from: Set(None),
        effective_to: Set(None),
        is_fallback: Set(is_fallback),
        updated_by_user_id: Set(None),
        change_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(app.db.conn())
    .await?;
    Ok(())
}
