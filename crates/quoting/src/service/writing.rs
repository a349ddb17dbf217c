//! What a quote is written with: the clinic's price list, its packages, people and discounts, as they are now or as they
//! were promised (R-IQ-31, 37, 40..46).

use catalogue::entity::provider_treatment_pricing as price_list;
use catalogue::entity::treatments;
use directory::entity::providers;
use identity::entity::provider_users;
use kernel::error::ErrorKind;
use kernel::ids::{ProviderId, TreatmentId};
use kernel::{AppError, AppResult, FieldErrors, Timestamp};
use platform::App;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::content::{self, Rows, Written};
use super::discounts::{self, Terms};
use super::input::{Defaults, QuoteInput};
use super::pricing::{self, ChosenPackage};
use crate::entity::quotes;
use crate::rules::content::{Content, check_limits};
use crate::rules::price::Breakdown;
use crate::rules::slot;

/// What the editor of a quote works with.
pub struct Editor {
    /// The treatment.
    pub treatment: treatments::Model,
    /// The clinic's price for it.
    pub prices: price_list::Model,
    /// Whole percent.
    pub commission: i32,
    /// The clinic.
    pub provider: ProviderId,
    /// The clinic's zone.
    pub zone: chrono_tz::Tz,
    /// Length of a day of this treatment.
    pub duration_minutes: i32,
    /// The discount a sent offer promised: it stays on it as it was.
    pub promised: Option<Terms>,
    /// When this is decided.
    pub now: Timestamp,
}

impl Editor {
    /// For a treatment the clinic offers now (R-IQ-31), with the commission of today (R-IQ-44).
    pub async fn open(
        conn: &impl ConnectionTrait,
        app: &App,
        clinic: &providers::Model,
        treatment: TreatmentId,
    ) -> AppResult<Self> {
        let (treatment, prices) = catalogue::treatments::offered(conn, clinic.id, treatment).await?;
        Self::of_offered(conn, app, clinic, treatment, prices).await
    }

    /// The same where treatment and price are known, in one statement.
    pub(super) async fn of_offered(
        conn: &impl ConnectionTrait,
        app: &App,
        clinic: &providers::Model,
        treatment: treatments::Model,
        prices: price_list::Model,
    ) -> AppResult<Self> {
        let zone = slot::clinic_zone(clinic.timezone.as_deref());
        let today = slot::clinic_date(app.now(), zone);
        let commission = directory::commission::percent_for(conn, clinic.id, today).await?;
        Ok(Self::new(clinic, treatment, prices, i32::from(commission), app.now()))
    }

    /// For a quote that was sent: the catalogue may have changed, the offer stands (R-IQ-37).
    pub(super) async fn reopen(
        conn: &impl ConnectionTrait,
        app: &App,
        clinic: &providers::Model,
        quote: &quotes::Model,
    ) -> AppResult<Self> {
        let found = price_list::Entity::find()
            .find_also_related(treatments::Entity)
            .filter(price_list::Column::ProviderId.eq(clinic.id))
            .filter(price_list::Column::TreatmentId.eq(quote.treatment_id))
            .one(conn)
            .await?;
        let Some((prices, Some(treatment))) = found else { return Err(AppError::not_found()) };
        Self::of_sent(conn, app, clinic, quote, (treatment, prices)).await
    }

    /// The same where treatment and price are known.
    pub(super) async fn of_sent(
        conn: &impl ConnectionTrait,
        app: &App,
        clinic: &providers::Model,
        quote: &quotes::Model,
        (treatment, prices): (treatments::Model, price_list::Model),
    ) -> AppResult<Self> {
        let prices = price_list::Model { currency: quote.currency, ..prices };
        let promised = discounts::promised(conn, quote).await?;
        Ok(Self { promised, ..Self::new(clinic, treatment, prices, quote.commission, app.now()) })
    }

    fn new(
        clinic: &providers::Model,
        treatment: treatments::Model,
        prices: price_list::Model,
        commission: i32,
        now: Timestamp,
    ) -> Self {
        use rust_decimal::prelude::ToPrimitive;
        let hours = treatment.duration_hours.unwrap_or(rust_decimal::Decimal::from(8));
        let minutes = (hours * rust_decimal::Decimal::from(60)).to_i32().unwrap_or(480);
        let zone = slot::clinic_zone(clinic.timezone.as_deref());
        // Half hours are the catalogue's step, so this lies on the grid of 15 minutes.
        let duration_minutes = minutes.max(30) / 15 * 15;
        Self { treatment, prices, commission, provider: clinic.id, zone, duration_minutes, promised: None, now }
    }

    /// Lays the input over the content, loads what it names and checks what must hold even for drafts.
    pub async fn read(
        &self,
        conn: &impl ConnectionTrait,
        input: &QuoteInput,
        content: &mut Content,
        rows: &Rows,
    ) -> AppResult<Ready> {
        self.read_among(conn, input, content, rows, &[]).await
    }

    /// The same where some who may lead a treatment are known: they are not asked for again.
    pub(super) async fn read_among(
        &self,
        conn: &impl ConnectionTrait,
        input: &QuoteInput,
        content: &mut Content,
        rows: &Rows,
        people: &[provider_users::Model],
    ) -> AppResult<Ready> {
        let mut errors = FieldErrors::new();
        let known_dates = content.dates.clone();
        let defaults =
            Defaults { currency: self.prices.currency, zone: self.zone, duration_minutes: self.duration_minutes };
        let grafts_before = content.grafts;
        input.apply(content, defaults, &mut errors);
        check_limits(content, &mut errors);
        inquiry::rules::submission::refuse(errors)?;
        // A price that was sent stays until grafts, treatment or that date change.
        let frozen = rows.packages.iter().any(|row| row.package_snapshot.is_some()) || rows.lead.is_some();
        let keep = frozen && grafts_before == content.grafts && input.treatment_id.is_none();
        pricing::fill_dates(content, &self.prices);
        if keep {
            for date in content.dates.iter_mut().filter(|date| !date.typed) {
                let known = known_dates.iter().find(|known| known.date == date.date && !known.typed);
                date.price = known.and_then(|known| known.price).or(date.price);
            }
        }
        let packages = self.packages(conn, content, rows).await?;
        let clinician = match content.clinician {
            Some(id) => match people.iter().find(|person| person.id == id) {
                Some(person) => Some(person.clone()),
                None => Some(content::clinician(conn, self.provider, id).await?),
            },
            None => None,
        };
        let discount = self.discount(conn, content, input.discount_id.is_some()).await?;
        let price = match pricing::breakdown(content, &self.prices, &packages, discount.as_ref(), self.commission) {
            Ok(price) => Some(price),
            // Named just now, so it is said at once.
            Err(error) if error.code == "discount_not_applicable" && input.discount_id.is_some() => return Err(error),
            Err(_) => None,
        };
        Ok(Ready { packages, clinician, discount, price })
    }

    /// The terms of the content's discount. A draft keeps one that can be used no more until it is to be sent; whoever
    /// names one is told at once.
    async fn discount(&self, conn: &impl ConnectionTrait, content: &Content, named: bool) -> AppResult<Option<Terms>> {
        let Some(id) = content.discount else { return Ok(None) };
        if let Some(promised) = self.promised.as_ref().filter(|promised| promised.id == id) {
            return Ok(Some(promised.clone()));
        }
        match discounts::chosen(conn, self.provider, id, self.prices.currency, self.now).await {
            Ok(terms) => Ok(Some(terms)),
            Err(error) if named || error.kind != ErrorKind::Invalid => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// The packages of the content: frozen ones as they were sent, the others from the catalogue.
    async fn packages(
        &self,
        conn: &impl ConnectionTrait,
        content: &Content,
        rows: &Rows,
    ) -> AppResult<Vec<ChosenPackage>> {
        let frozen: Vec<ChosenPackage> = rows.packages.iter().filter_map(ChosenPackage::frozen).collect();
        let fresh: Vec<_> =
            content.packages.iter().filter(|id| !frozen.iter().any(|package| package.id == **id)).copied().collect();
        let mut chosen = frozen;
        for package in catalogue::packages::usable(conn, self.provider, &fresh).await? {
            chosen.push(ChosenPackage::fresh(conn, &package, self.prices.currency).await?);
        }
        Ok(content.packages.iter().filter_map(|id| chosen.iter().find(|package| package.id == *id).cloned()).collect())
    }
}

/// Content with everything it names loaded.
pub struct Ready {
    /// In the order of the content.
    pub packages: Vec<ChosenPackage>,
    /// The lead.
    pub clinician: Option<provider_users::Model>,
    /// The discount; absent when there is none that can be used.
    pub discount: Option<Terms>,
    /// Absent while something is missing.
    pub price: Option<Breakdown>,
}

impl Ready {
    /// What is to be written.
    pub fn written<'a>(&'a self, content: &'a Content, freeze: bool) -> Written<'a> {
        Written {
            content,
            price: self.price.as_ref(),
            packages: &self.packages,
            clinician: self.clinician.as_ref(),
            discount: self.discount.as_ref(),
            freeze,
        }
    }
}
