//! What the patient's pages show of a booking: at most six statements each.

use booking::entity::cancellation_requests;
use directory::entity::providers;
use kernel::ids::{InquiryId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use quoting::entity::quotes::QuoteStatus;
use quoting::entity::{booking_terms, quotes};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Deserialize;

use super::{Beside, beside, loaded_checkout, view};
use crate::entity::payment_documents;
use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::service::access::{self, Audience};
use crate::service::cancellation;
use crate::service::plans::Plan;
use crate::views::{BookingView, CheckoutView, DocumentView, PatientBooking};

/// A step of the cancellation policy a booking was made under.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundTier {
    /// From this many days before the treatment on.
    pub from_days: u32,
    /// How much of what was paid comes back.
    pub percent: String,
}

/// How the patient reaches the clinic.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// City and country.
    pub place: String,
    /// Telephone; once the booking is confirmed.
    pub phone: Option<String>,
    /// Address for mail; once the booking is confirmed.
    pub email: Option<String>,
}

/// A booking on its patient's page.
#[derive(Clone, Debug)]
pub struct BookingPage {
    /// The booking with its money.
    pub booking: PatientBooking,
    /// The request it came from.
    pub inquiry: InquiryId,
    /// What is done.
    pub treatment: String,
    /// Where.
    pub contact: Contact,
    /// Every payment, newest first.
    pub payments: Vec<payments::Model>,
    /// Receipts and invoices, newest first.
    pub documents: Vec<DocumentView>,
    /// What comes back after a cancellation, the earliest first.
    pub tiers: Vec<RefundTier>,
    /// The plan it is paid by, once it has begun.
    pub plan: Option<Plan>,
    /// Where the refund of a cancelled booking stands.
    pub cancellation: Option<cancellation_requests::Model>,
}

/// A patient's own booking with all its page shows; 404 when it is none or somebody else's.
pub async fn booking(app: &App, actor: &Actor, id: QuoteId) -> AppResult<BookingPage> {
    let audience = Audience::Patient(actor.patient()?);
    let conn = app.db.conn();
    let row = access::visible(conn, audience, id).await?;
    let around = beside(conn, audience, std::slice::from_ref(&row)).await?;
    let (quote, inquiry) = &row;
    let terms = around.terms.get(&id).ok_or_else(AppError::not_found)?;
    let BookingView::Patient(booking) = view(app, actor, audience, (quote, inquiry, terms), &around, false)? else {
        return Err(AppError::not_found());
    };
    let documents = payment_documents::Entity::find()
        .filter(payment_documents::Column::QuoteId.eq(id))
        .order_by_desc(payment_documents::Column::Id)
        .all(conn)
        .await?;
    let cancellation = match quote.status {
        QuoteStatus::Cancelled => cancellation::newest(conn, id).await?,
        _ => None,
    };
    Ok(BookingPage {
        cancellation,
        inquiry: inquiry.id,
        treatment: treatment_of(quote),
        contact: contact(quote, &around),
        tiers: tiers(terms),
        documents: documents.into_iter().map(Into::into).collect(),
        payments: around.payments.get(&id).cloned().unwrap_or_default(),
        plan: around.plans.get(&id).filter(|plan| plan.has_begun()).cloned(),
        booking: *booking,
    })
}

/// A checkout on its page.
#[derive(Clone, Debug)]
pub struct CheckoutPage {
    /// What can be paid, and how.
    pub view: CheckoutView,
    /// The clinic's name.
    pub clinic: String,
    /// What is done.
    pub treatment: String,
    /// Whether the cancellation policy is still to be accepted.
    pub needs_policy: bool,
    /// Whether the terms are still to be accepted.
    pub needs_terms: bool,
    /// What comes back after a cancellation, the earliest first.
    pub tiers: Vec<RefundTier>,
    /// The attempt that is still open.
    pub open: Option<PaymentId>,
}

/// What the patient can pay now, with what stands around it on the page.
pub async fn checkout(app: &App, actor: &Actor, id: QuoteId) -> AppResult<CheckoutPage> {
    let loaded = loaded_checkout(app, actor, id).await?;
    let clinic = providers::Entity::find_by_id(loaded.quote.provider_id).one(app.db.conn()).await?;
    let open = loaded
        .payments
        .iter()
        .find(|row| row.payment_status == PaymentStatus::Pending && row.payment_type != PaymentType::Refund);
    Ok(CheckoutPage {
        clinic: clinic.map(|row| row.provider_name).unwrap_or_default(),
        treatment: treatment_of(&loaded.quote),
        needs_policy: loaded.terms.policy_ack_at.is_none(),
        needs_terms: loaded.terms.terms_ack_at.is_none(),
        tiers: tiers(&loaded.terms),
        open: open.map(|row| row.id),
        view: loaded.view,
    })
}

/// A payment of the patient's own booking; 404 for refunds and for everybody else's.
pub async fn attempt(app: &App, actor: &Actor, quote: QuoteId, id: PaymentId) -> AppResult<payments::Model> {
    let patient = actor.patient()?;
    let row = payments::Entity::find_by_id(id)
        .filter(payments::Column::QuoteId.eq(quote))
        .filter(payments::Column::PatientId.eq(patient))
        .filter(payments::Column::PaymentType.ne(PaymentType::Refund))
        .one(app.db.conn())
        .await?;
    row.ok_or_else(AppError::not_found)
}

fn treatment_of(quote: &quotes::Model) -> String {
    let frozen = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
    frozen.unwrap_or_default().to_owned()
}

/// The clinic's own line is for its patients: those whose booking stands.
fn contact(quote: &quotes::Model, around: &Beside) -> Contact {
    let Some(clinic) = around.clinics.get(&quote.provider_id) else { return Contact::default() };
    let stands = matches!(
        quote.status,
        QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed
    );
    let phone = || clinic.public_phone.clone().or_else(|| clinic.phone_number.clone());
    let email = || clinic.public_email.clone().unwrap_or_else(|| clinic.email.clone());
    Contact {
        place: format!("{}, {}", clinic.city, clinic.country),
        phone: if stands { phone() } else { None },
        email: stands.then(email),
    }
}

fn tiers(terms: &booking_terms::Model) -> Vec<RefundTier> {
    let mut tiers: Vec<RefundTier> = serde_json::from_value(terms.refund_tiers.clone()).unwrap_or_default();
    tiers.sort_by_key(|tier| std::cmp::Reverse(tier.from_days));
    tiers
}
