//! What a quote is written with: the clinic's price list, its packages, people and discounts, as they are now or as they
//! were promised (R-IQ-31, 37, 40..46).

use catalogue::entity::provider_treatment_pricing as price_list;
use catalogue::entity::treatments;
use directory::entity::providers;
use identity::entity::provider_users;
use kernel::error::ErrorKind;
use kernel::ids::{ProviderId, TreatmentId};
use kernel::{Amount, AppError, AppResult, Currency, FieldErrors, Money, Timestamp};
use platform::App;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::content::{self, Rows, Written};
use super::discounts::{self, Terms};
use super::input::{Defaults, QuoteInput};
use super::pricing::{self, ChosenPackage};
use crate::entity::quotes::{self, QuoteStatus};
use crate::rules::content::{Content, check_limits};
use crate::rules::price::{Breakdown, Commission};
use crate::rules::slot;

/// What the editor of a quote works with.
pub struct Editor {
    /// The treatment.
    pub treatment: treatments::Model,
    /// The clinic's price for it.
    pub prices: price_list::Model,
    /// What the platform keeps.
    pub commission: Commission,
    /// The clinic.
    pub provider: ProviderId,
    /// The clinic's zone.
    pub zone: chrono_tz::Tz,
    /// Length of a day of this treatment.
    pub duration_minutes: i32,
    /// The discount a sent offer promised: it stays on it as it was.
    pub promised: Option<Terms>,
    /// The quote as it was, where there is one.
    pub before: Option<Before>,
    /// When this is decided.
    pub now: Timestamp,
}

/// What of a quote decides about its prices.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    treatment: TreatmentId,
    currency: Currency,
    sent: bool,
}

impl From<&quotes::Model> for Before {
    fn from(quote: &quotes::Model) -> Self {
        Self { treatment: quote.treatment_id, currency: quote.currency, sent: is_sent(quote) }
    }
}

/// The price list of a treatment as an offer was sent with it; kept in `quotes.treatment_snapshot`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct ListPrice {
    pub(super) base_price: Amount,
    pub(super) price_per_graft: Amount,
}

/// Whether the patient has it: its numbers were promised.
pub(super) fn is_sent(quote: &quotes::Model) -> bool {
    quote.status != QuoteStatus::Inquiry
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
        let commission = match directory::commission::terms(conn, clinic.id, (today, app.now())).await? {
            directory::commission::Terms::Percent(percent) => Commission::Percent(percent.into()),
            directory::commission::Terms::Flat(fee) => Commission::Flat(converted(conn, fee, prices.currency).await?),
        };
        Ok(Self::new(clinic, treatment, prices, commission, app.now()))
    }

    /// For a quote there is, with the treatment it is to have: an offer that was sent stands as it was promised (R-IQ-37),
    /// everything else is written anew.
    pub(super) async fn for_quote(
        conn: &impl ConnectionTrait,
        app: &App,
        clinic: &providers::Model,
        quote: &quotes::Model,
        treatment: TreatmentId,
    ) -> AppResult<Self> {
        if is_sent(quote) && treatment == quote.treatment_id {
            return Self::reopen(conn, app, clinic, quote).await;
        }
        Self::open(conn, app, clinic, treatment).await?.over(conn, quote).await
    }

    /// The same editor over a quote there is. An offer keeps the commission it was sent with (R-IQ-44).
    pub(super) async fn over(mut self, conn: &impl ConnectionTrait, quote: &quotes::Model) -> AppResult<Self> {
        if is_sent(quote) {
            self.commission = agreed(conn, quote, self.prices.currency).await?;
        }
        self.before = Some(quote.into());
        Ok(self)
    }

    /// The currency of the quote where prices are in another one now.
    fn left_currency(&self) -> Option<Currency> {
        self.before.map(|before| before.currency).filter(|was| *was != self.prices.currency)
    }

    /// 409 `quote_currency_changed` when the quote was saved in another currency than prices are in now.
    pub(super) fn require_same_currency(&self) -> AppResult<()> {
        self.left_currency().map_or(Ok(()), |was| Err(pricing::currency_changed(was, self.prices.currency)))
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
        let kept = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("list").cloned());
        let kept: Option<ListPrice> = kept.and_then(|kept| serde_json::from_value(kept).ok());
        let prices = match kept {
            Some(ListPrice { base_price, price_per_graft }) => {
                price_list::Model { currency: quote.currency, base_price, price_per_graft, ..prices }
            }
            None if prices.currency == quote.currency => prices,
            // Nothing says what it would cost in its own currency.
            None => return Err(pricing::currency_changed(quote.currency, prices.currency)),
        };
        let promised = discounts::promised(conn, quote).await?;
        let editor = Self::new(clinic, treatment, prices, Commission::Percent(quote.commission), app.now());
        Self { promised, ..editor }.over(conn, quote).await
    }

    fn new(
        clinic: &providers::Model,
        treatment: treatments::Model,
        prices: price_list::Model,
        commission: Commission,
        now: Timestamp,
    ) -> Self {
        use rust_decimal::prelude::ToPrimitive;
        let hours = treatment.duration_hours.unwrap_or(rust_decimal::Decimal::from(8));
        let minutes = (hours * rust_decimal::Decimal::from(60)).to_i32().unwrap_or(480);
        let zone = slot::clinic_zone(clinic.timezone.as_deref());
        // Half hours are the catalogue's step, so this lies on the grid of 15 minutes.
        let duration_minutes = minutes.max(30) / 15 * 15;
        let provider = clinic.id;
        Self { treatment, prices, commission, provider, zone, duration_minutes, promised: None, before: None, now }
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
        if let Some(was) = self.left_currency().filter(|_| carries_amounts(input, content)) {
            return Err(pricing::currency_changed(was, self.prices.currency));
        }
        input.apply(content, defaults, &mut errors);
        check_limits(content, &mut errors);
        inquiry::rules::submission::refuse(errors)?;
        // A price that was sent stays until grafts, treatment or that date change; a draft follows the price list.
        let promised = self.before.is_some_and(|before| before.sent && before.treatment == content.treatment);
        let keep = promised && grafts_before == content.grafts;
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
        let mut frozen: Vec<ChosenPackage> = rows.packages.iter().filter_map(ChosenPackage::frozen).collect();
        if self.left_currency().is_some() {
            // Their price stands in their own currency; the rate kept beside it led to another one than is asked now.
            for package in &mut frozen {
                let line = &mut package.line;
                line.rate = catalogue::fx::rate(conn, line.list_currency, self.prices.currency).await?;
            }
        }
        let fresh: Vec<_> =
            content.packages.iter().filter(|id| !frozen.iter().any(|package| package.id == **id)).copied().collect();
        let mut chosen = frozen;
        for package in catalogue::packages::usable(conn, self.provider, &fresh).await? {
            chosen.push(ChosenPackage::fresh(conn, &package, self.prices.currency).await?);
        }
        Ok(content.packages.iter().filter_map(|id| chosen.iter().find(|package| package.id == *id).cloned()).collect())
    }
}

/// Whether amounts somebody typed would stay although this input says nothing of them.
fn carries_amounts(input: &QuoteInput, content: &Content) -> bool {
    let priced = |lines: &[crate::rules::content::Line]| lines.iter().any(|line| line.price.is_positive());
    (input.dates.is_none() && content.dates.iter().any(|date| date.typed))
        || (input.services.is_none() && priced(&content.services))
        || (input.fees.is_none() && priced(&content.fees))
}

/// What the platform keeps of an offer that was sent; a fee is kept in the money of the quote.
async fn agreed(conn: &impl ConnectionTrait, quote: &quotes::Model, currency: Currency) -> AppResult<Commission> {
    if quote.commission > 0 {
        return Ok(Commission::Percent(quote.commission));
    }
    let fee = Money::new(quote.commission_amount, quote.currency);
    Ok(Commission::Flat(converted(conn, fee, currency).await?))
}

/// A fee in the currency of the quote, at the rate of the moment.
async fn converted(conn: &impl ConnectionTrait, fee: Money, currency: Currency) -> AppResult<Amount> {
    let rate = catalogue::fx::rate(conn, fee.currency, currency).await?;
    let amount = rate.and_then(|rate| currency.round(fee.amount.get() * rate));
    amount.ok_or_else(|| pricing::rate_unavailable(fee.currency))
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
