//! Where a notification leads: the page of its recipient's portal on which to act.

use kernel::AppResult;
use kernel::ids::{AnyId, InquiryId, QuoteId};
use platform::outbox::Delivered;

/// Which portal the recipient uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Patient,
    Clinic,
    Staff,
    Affiliate,
}

/// The things an event names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named {
    pub inquiry: Option<InquiryId>,
    pub quote: Option<QuoteId>,
    pub conversation: Option<AnyId>,
    pub plan: Option<AnyId>,
    pub review: Option<AnyId>,
    pub clinic: Option<AnyId>,
    pub affiliate: Option<AnyId>,
    pub request: Option<AnyId>,
}

impl Named {
    /// What the event names, with the inquiry that was found for it.
    pub fn of(event: &Delivered, inquiry: Option<InquiryId>) -> AppResult<Self> {
        Ok(Self {
            inquiry,
            quote: event.optional_id("quote_id")?,
            conversation: event.optional_id("conversation_id")?,
            plan: event.optional_id("case_id")?,
            review: event.optional_id("review_id")?,
            clinic: event.optional_id("provider_id")?,
            affiliate: event.optional_id("affiliate_id")?,
            request: event.optional_id("request_id")?,
        })
    }
}

/// The address for a reader.
pub fn link(reader: Reader, event: &str, named: Named) -> String {
    let portal = match reader {
        Reader::Patient => "/patient",
        Reader::Clinic => "/provider",
        Reader::Staff => "/admin",
        Reader::Affiliate => "/affiliate",
    };
    let area = event.split('.').next().unwrap_or_default();
    let page = match (area, reader) {
        ("message", _) => named.conversation.map(|id| format!("messages/{id}")),
        ("quote", Reader::Staff) if event == "quote.withdrawal_requested" => Some("withdrawals".to_owned()),
        ("inquiry", Reader::Patient) if event == "inquiry.no_quotes" => {
            named.inquiry.map(|id| format!("cases/{id}/extend"))
        }
        ("inquiry", Reader::Patient) if event == "inquiry.answers_reopened" => {
            named.inquiry.map(|id| format!("cases/{id}/request/health"))
        }
        ("quote", Reader::Patient) => named.quote.map(|id| format!("quotes/{id}")),
        ("quote", Reader::Clinic) => named.quote.map(|id| format!("quotes/{id}")),
        ("payment", Reader::Patient) if event == "payment.refund_account_changed" => Some("bank-details".to_owned()),
        ("booking" | "payment" | "treatment", Reader::Patient) => named.quote.map(|id| match event {
            "booking.hold_expiring" | "payment.failed" => format!("bookings/{id}/pay"),
            _ => format!("bookings/{id}"),
        }),
        ("payment", Reader::Staff) if event == "payment.refund_requested" => Some("refunds".to_owned()),
        ("booking" | "payment", Reader::Staff) => named.quote.map(|id| format!("bookings/{id}")),
        ("payout", Reader::Clinic) if event == "payout.bank_details_changed" => Some("bank-details".to_owned()),
        ("payout", Reader::Clinic | Reader::Staff) => Some("payouts".to_owned()),
        ("system", Reader::Staff) => Some(match (named.quote, named.clinic) {
            (Some(id), _) => format!("bookings/{id}"),
            (None, Some(id)) => format!("clinics/{id}"),
            (None, None) => "reconciliation".to_owned(),
        }),
        ("treatment", Reader::Clinic) => named.quote.map(|id| format!("treatments/{id}")),
        ("catalog", Reader::Clinic) => Some("prices".to_owned()),
        ("questionnaire", Reader::Staff) => Some("questionnaires".to_owned()),
        ("starting_price", Reader::Staff) => Some("starting-prices".to_owned()),
        ("aftercare", Reader::Patient | Reader::Clinic | Reader::Staff) if named.plan.is_none() => {
            named.request.map_or(Some("aftercare".to_owned()), |id| Some(format!("aftercare/requests/{id}")))
        }
        ("aftercare", Reader::Patient) => Some("aftercare".to_owned()),
        ("aftercare", _) => named.plan.map(|id| format!("aftercare/{id}")),
        ("review", Reader::Patient) => named.quote.map(|id| format!("bookings/{id}/review")),
        ("review", Reader::Clinic) => Some(named.review.map_or("reviews".to_owned(), |id| format!("reviews/{id}"))),
        ("privacy", Reader::Patient) if event == "privacy.request_updated" => Some("privacy/delete".to_owned()),
        ("privacy", Reader::Patient | Reader::Staff) => Some(match event {
            "privacy.hold_changed" => "privacy/holds".to_owned(),
            "privacy.retention_run_finished" => "privacy/retention".to_owned(),
            _ => "privacy".to_owned(),
        }),
        ("provider", Reader::Staff) if event == "provider.deletion_requested" => Some("privacy/clinics".to_owned()),
        ("legal", Reader::Staff) if matches!(event, "legal.published" | "legal.coverage_low") => {
            Some("legal-documents".to_owned())
        }
        ("legal", Reader::Patient) => Some("legal".to_owned()),
        ("legal", _) => Some("account/legal".to_owned()),
        ("account", _) if event == "account.created" => return portal.to_owned(),
        ("account", Reader::Patient) => Some("security".to_owned()),
        ("account", _) => Some("account".to_owned()),
        ("team", Reader::Clinic) if event.starts_with("team.invitation_") => Some("team/invitations".to_owned()),
        ("team", Reader::Clinic) => Some("team".to_owned()),
        ("provider", Reader::Clinic) if event == "provider.seat_limit_changed" => Some("team/seats".to_owned()),
        ("provider", Reader::Clinic) if event == "provider.commission_changed" => Some("commission".to_owned()),
        ("team" | "provider", Reader::Staff) if event.contains("seat") => {
            named.clinic.map(|id| format!("clinics/{id}/seats"))
        }
        ("affiliate", Reader::Staff) => named.affiliate.map(|id| format!("affiliates/{id}")),
        ("team", Reader::Staff) => named.clinic.map(|id| format!("provider-users?clinic={id}")),
        ("admin", Reader::Staff) if event == "admin.invitation_bounced" => Some("users".to_owned()),
        ("admin" | "security", Reader::Staff) => None,
        ("review", Reader::Staff) => named.review.map(|id| format!("reviews/{id}")),
        _ => None,
    };
    let case = || named.inquiry.map(|id| format!("cases/{id}"));
    match page.or_else(case) {
        Some(page) => format!("{portal}/{page}"),
        None => portal.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_lands_where_they_can_act() {
        let (inquiry, quote) = (InquiryId::new(), QuoteId::new());
        let (conversation, plan, review, clinic) = (AnyId::new(), AnyId::new(), AnyId::new(), AnyId::new());
        let all = Named {
            inquiry: Some(inquiry),
            quote: Some(quote),
            conversation: Some(conversation),
            plan: Some(plan),
            review: Some(review),
            clinic: Some(clinic),
            affiliate: None,
            request: None,
        };
        for (reader, event, to) in [
            (Reader::Patient, "message.received", format!("/patient/messages/{conversation}")),
            (Reader::Clinic, "message.received", format!("/provider/messages/{conversation}")),
            (Reader::Patient, "quote.submitted", format!("/patient/quotes/{quote}")),
            (Reader::Clinic, "inquiry.distributed", format!("/provider/cases/{inquiry}")),
            (Reader::Patient, "booking.hold_expiring", format!("/patient/bookings/{quote}/pay")),
            (Reader::Patient, "booking.confirmed", format!("/patient/bookings/{quote}")),
            (Reader::Clinic, "booking.confirmed", format!("/provider/cases/{inquiry}")),
            (Reader::Clinic, "treatment.completed", format!("/provider/treatments/{quote}")),
            (Reader::Clinic, "payout.provider_processed", "/provider/payouts".to_owned()),
            (Reader::Clinic, "payout.bank_details_changed", "/provider/bank-details".to_owned()),
            (Reader::Patient, "payment.refund_account_changed", "/patient/bank-details".to_owned()),
            (Reader::Staff, "payout.overdue", "/admin/payouts".to_owned()),
            (Reader::Staff, "system.alert", format!("/admin/bookings/{quote}")),
            (Reader::Patient, "aftercare.scan_due", "/patient/aftercare".to_owned()),
            (Reader::Staff, "aftercare.escalation_raised", format!("/admin/aftercare/{plan}")),
            (Reader::Patient, "review.response_posted", format!("/patient/bookings/{quote}/review")),
            (Reader::Clinic, "review.published", format!("/provider/reviews/{review}")),
            (Reader::Staff, "review.submitted", format!("/admin/reviews/{review}")),
            (Reader::Patient, "account.created", "/patient".to_owned()),
            (Reader::Clinic, "account.created", "/provider".to_owned()),
            (Reader::Patient, "account.password_changed", "/patient/security".to_owned()),
            (Reader::Clinic, "account.mfa_changed", "/provider/account".to_owned()),
            (Reader::Affiliate, "account.locked", "/affiliate/account".to_owned()),
            (Reader::Staff, "account.locked", "/admin/account".to_owned()),
            (Reader::Patient, "privacy.request_updated", "/patient/privacy/delete".to_owned()),
            (Reader::Patient, "privacy.bundle_ready", "/patient/privacy".to_owned()),
            (Reader::Staff, "privacy.request_updated", "/admin/privacy".to_owned()),
            (Reader::Staff, "privacy.hold_changed", "/admin/privacy/holds".to_owned()),
            (Reader::Clinic, "legal.acceptance_required", "/provider/account/legal".to_owned()),
            (Reader::Staff, "legal.published", "/admin/legal-documents".to_owned()),
            (Reader::Staff, "legal.coverage_low", "/admin/legal-documents".to_owned()),
            (Reader::Clinic, "team.invitation_bounced", "/provider/team/invitations".to_owned()),
            (Reader::Clinic, "provider.seat_limit_changed", "/provider/team/seats".to_owned()),
            (Reader::Clinic, "provider.commission_changed", "/provider/commission".to_owned()),
            (Reader::Staff, "team.seat_requested", format!("/admin/clinics/{clinic}/seats")),
            (Reader::Staff, "admin.invitation_bounced", "/admin/users".to_owned()),
            (Reader::Clinic, "catalog.treatment_changed", "/provider/prices".to_owned()),
            (Reader::Staff, "questionnaire.inquiry_unconfigured", "/admin/questionnaires".to_owned()),
            (Reader::Staff, "starting_price.expiring", "/admin/starting-prices".to_owned()),
            (Reader::Staff, "inquiry.unmatched", format!("/admin/cases/{inquiry}")),
        ] {
            assert_eq!(link(reader, event, all), to, "{event}");
        }
        assert_eq!(link(Reader::Patient, "message.received", Named::default()), "/patient");
    }
}
