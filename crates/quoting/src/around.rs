//! What stands around quotes in an answer, loaded for all of them at once, and the shapes each audience reads.

use std::collections::HashMap;

use catalogue::entity::treatments;
use chrono::{DateTime, Utc};
use directory::entity::providers;
use identity::anonymity;
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId, TreatmentId};
use kernel::{Actor, ActorKind, AppError, AppResult, Money};
use platform::App;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::quote_clinicians;
use crate::entity::quotes::{self, QuoteStatus};
use crate::entity::treatment_customizes::QuoteLineKind;
use crate::rules::price;
use crate::service::content::{self, Rows};
use crate::slots;
use crate::store;
use crate::views::{
    ClinicCard, ClinicianCard, DateView, ForClinic, ForStaff, LineView, PackageView, PatientCard, PriceView,
    QuoteDetail, QuoteSummary, QuoteView, Settlement, SlotView,
};

/// What stands around the quotes of an answer, loaded for all of them at once.
pub struct Around {
    now: DateTime<Utc>,
    inquiries: HashMap<InquiryId, inquiries::Model>,
    clinics: HashMap<ProviderId, providers::Model>,
    treatments: HashMap<TreatmentId, String>,
    leads: HashMap<QuoteId, quote_clinicians::Model>,
    patients: HashMap<PatientId, patients::Model>,
    levels: HashMap<PatientId, anonymity::Level>,
}

impl Around {
    /// At most five statements.
    pub async fn load(
        conn: &impl ConnectionTrait,
        app: &App,
        actor: &Actor,
        rows: &[quotes::Model],
    ) -> AppResult<Self> {
        Self::load_without_leads(conn, app, actor, rows).await?.with_leads(conn, rows).await
    }

    pub(crate) async fn with_leads(mut self, conn: &impl ConnectionTrait, rows: &[quotes::Model]) -> AppResult<Self> {
        let leads = quote_clinicians::Entity::find()
            .filter(quote_clinicians::Column::ActiveKey.is_in(rows.iter().map(|row| store::lead_key(row.id))))
            .all(conn)
            .await?;
        self.leads = leads.into_iter().map(|lead| (lead.quote_id, lead)).collect();
        Ok(self)
    }

    /// The same without the clinicians: at most four statements, three when all quotes were sent.
    pub async fn load_without_leads(
        conn: &impl ConnectionTrait,
        app: &App,
        actor: &Actor,
        rows: &[quotes::Model],
    ) -> AppResult<Self> {
        let found = inquiries::Entity::find()
            .find_also_related(patients::Entity)
            .filter(inquiries::Column::Id.is_in(rows.iter().map(|row| row.inquiry_id)))
            .all(conn)
            .await?;
        let (cases, people): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        Self::assembled(conn, app, actor, rows, cases, people.into_iter().flatten().collect()).await
    }

    /// The same for a patient whose requests are known: one statement less.
    pub(crate) async fn of_cases(
        conn: &impl ConnectionTrait,
        app: &App,
        actor: &Actor,
        rows: &[quotes::Model],
        cases: Vec<inquiries::Model>,
    ) -> AppResult<Self> {
        Self::assembled(conn, app, actor, rows, cases, Vec::new()).await
    }

    async fn assembled(
        conn: &impl ConnectionTrait,
        app: &App,
        actor: &Actor,
        rows: &[quotes::Model],
        cases: Vec<inquiries::Model>,
        people: Vec<patients::Model>,
    ) -> AppResult<Self> {
        let clinics = providers::Entity::find()
            .filter(providers::Column::Id.is_in(rows.iter().map(|row| row.provider_id)))
            .all(conn)
            .await?;
        // Sent quotes carry the name they were sent with; only drafts need the catalogue.
        let unnamed: Vec<TreatmentId> =
            rows.iter().filter(|row| row.treatment_snapshot.is_none()).map(|row| row.treatment_id).collect();
        let treatments: Vec<(TreatmentId, String)> = if unnamed.is_empty() {
            Vec::new()
        } else {
            treatments::Entity::find()
                .select_only()
                .column(treatments::Column::Id)
                .column(treatments::Column::TreatmentName)
                .filter(treatments::Column::Id.is_in(unnamed))
                .into_tuple()
                .all(conn)
                .await?
        };
        let ids: Vec<PatientId> = cases.iter().map(|case| case.patient_id).collect();
        let levels = match actor.kind {
            ActorKind::Provider { provider, .. } => anonymity::levels(conn, provider, &ids).await?,
            _ => HashMap::new(),
        };
        Ok(Self {
            now: app.now(),
            inquiries: cases.into_iter().map(|row| (row.id, row)).collect(),
            clinics: clinics.into_iter().map(|row| (row.id, row)).collect(),
            treatments: treatments.into_iter().collect(),
            leads: HashMap::new(),
            patients: people.into_iter().map(|row| (row.id, row)).collect(),
            levels,
        })
    }

    pub(crate) fn with_lead(mut self, lead: Option<quote_clinicians::Model>) -> Self {
        self.leads = lead.into_iter().map(|lead| (lead.quote_id, lead)).collect();
        self
    }

    /// The request of a quote.
    pub fn inquiry(&self, quote: &quotes::Model) -> AppResult<&inquiries::Model> {
        self.inquiries.get(&quote.inquiry_id).ok_or_else(|| AppError::internal("a quote without its inquiry"))
    }

    /// A quote as a line of a list.
    pub fn summary(&self, quote: &quotes::Model) -> AppResult<QuoteSummary> {
        let case = self.inquiry(quote)?;
        let clinic =
            self.clinics.get(&quote.provider_id).ok_or_else(|| AppError::internal("a quote without its clinic"))?;
        let money = |amount| Money::new(amount, quote.currency);
        let frozen = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
        let name = frozen.or_else(|| self.treatments.get(&quote.treatment_id).map(String::as_str));
        Ok(QuoteSummary {
            id: quote.id,
            quote_code: quote.quote_code.clone(),
            inquiry_id: quote.inquiry_id,
            inquiry_code: case.inquiry_code.clone(),
            status: quote.status,
            status_reason: quote.status_reason,
            version: quote.version,
            treatment_id: quote.treatment_id,
            treatment_name: name.unwrap_or_default().to_owned(),
            clinic: clinic_card(clinic),
            clinician: self.leads.get(&quote.id).map(|lead| ClinicianCard {
                id: lead.provider_user_id,
                name: lead.display_name.clone(),
                title: lead.display_title.clone(),
                note: lead.note.clone(),
            }),
            estimated_grafts: quote.estimated_grafts,
            list: money(quote.quote_amount + quote.discount_amount),
            discount: money(quote.discount_amount),
            total: money(quote.quote_amount),
            price_per_graft: quote.estimated_grafts.and_then(|n| price::per_graft(quote.quote_amount, n)).map(money),
            slot_at: quote.appointment_slot_at,
            timezone: quote.appointment_timezone.clone(),
            expires_at: quote.expires_at,
            live: quote.status == QuoteStatus::Quote
                && quote.deleted_at.is_none()
                && quote.expires_at.is_some_and(|end| self.now < end),
            submitted_at: quote.submitted_at,
            accepted_at: quote.accepted_at,
            archived: quote.deleted_at.is_some(),
            created_at: quote.created_at,
        })
    }

    /// Adds what this audience may see beside the quote.
    pub fn shape<T>(&self, app: &App, actor: &Actor, quote: &quotes::Model, view: T) -> AppResult<QuoteView<T>> {
        let person = || {
            let patient = self.inquiry(quote)?.patient_id;
            self.patients.get(&patient).ok_or_else(|| AppError::internal("an inquiry without its patient"))
        };
        match actor.kind {
            ActorKind::Provider { .. } => {
                let person = person()?;
                let level = self.levels.get(&person.id).copied().unwrap_or_default();
                let patient = anonymity::mask_for(app, actor, person, level)?;
                Ok(QuoteView::Clinic(ForClinic { quote: view, patient, settlement: settlement(quote)? }))
            }
            ActorKind::Admin(_) | ActorKind::System => {
                let person = person()?;
                let patient = PatientCard {
                    id: person.id,
                    patient_code: person.patient_code.clone(),
                    name: format!("{} {}", person.first_name, person.last_name),
                    country: person.country_code.clone(),
                };
                Ok(QuoteView::Staff(ForStaff { quote: view, patient, settlement: settlement(quote)? }))
            }
            _ => Ok(QuoteView::Patient(view)),
        }
    }
}

fn clinic_card(clinic: &providers::Model) -> ClinicCard {
    let rating = (clinic.rating_count > 0)
        .then(|| (Decimal::from(clinic.rating_sum) / Decimal::from(clinic.rating_count)).round_dp(1));
    ClinicCard {
        id: clinic.id,
        name: clinic.provider_name.clone(),
        city: clinic.city.clone(),
        country: clinic.country.clone(),
        rating,
        review_count: clinic.rating_count,
        specialty: clinic.medical_specialty.clone(),
        years_experience: clinic.years_experience,
    }
}

/// The shares of a quote; nothing is due on a draft.
pub(crate) fn settlement(quote: &quotes::Model) -> AppResult<Settlement> {
    let list = quote.quote_amount + quote.discount_amount;
    let (discount, funding) = (quote.discount_amount, quote.discount_funding);
    let split = price::settled(quote.currency, list, discount, funding, quote.commission, quote.commission_amount)
        .ok_or_else(|| AppError::internal("commission out of range"))?;
    Ok(Settlement {
        commission_percent: quote.commission,
        commission: Money::new(split.commission, quote.currency),
        provider_net: Money::new(split.provider_net, quote.currency),
    })
}

pub(crate) fn detail(
    around: &Around,
    quote: &quotes::Model,
    rows: &Rows,
    hold_expires_at: Option<DateTime<Utc>>,
) -> AppResult<QuoteDetail> {
    let summary = around.summary(quote)?;
    let content = content::content_of(quote, rows)?;
    let money = |amount| Money::new(amount, quote.currency);
    let lines = |kind: QuoteLineKind| {
        let of_kind = rows.lines.iter().filter(|line| line.kind == kind);
        of_kind
            .map(|line| LineView {
                name: line.name.clone(),
                description: line.description.clone(),
                price: money(line.price),
            })
            .collect()
    };
    let price = PriceView {
        treatment: money(quote.treatment_amount),
        packages: money(quote.packages_amount),
        services: money(quote.extras_amount),
        fees: money(quote.fees_amount),
        list: money(quote.quote_amount + quote.discount_amount),
        discount: money(quote.discount_amount),
        total: money(quote.quote_amount),
        price_per_graft: summary.price_per_graft,
    };
    Ok(QuoteDetail {
        dates: content.dates.iter().map(|date| DateView { date: date.date, price: date.price.map(money) }).collect(),
        slot: quote.appointment_slot_at.is_some().then(|| slots::slot_of(quote)).transpose()?.map(|slot| SlotView {
            date: slot.date,
            time: slot.time,
            timezone: slot.zone.name().to_owned(),
            duration_minutes: slot.duration_minutes,
            day_count: slot.day_count,
        }),
        package_lines: rows
            .packages
            .iter()
            .map(|row| PackageView {
                id: row.package_id,
                content: row.package_snapshot.clone(),
                list_price: Money::new(row.list_price, row.list_currency),
                price: money(row.price),
            })
            .collect(),
        services: lines(QuoteLineKind::CustomService),
        fees: lines(QuoteLineKind::Fee),
        inclusions: lines(QuoteLineKind::Inclusion),
        discount_id: quote.discount_id,
        price,
        plan: content.plan,
        included_services: content.included,
        travel_path: quote.travel_path,
        note: content.note,
        hold_expires_at,
        summary,
    })
}
