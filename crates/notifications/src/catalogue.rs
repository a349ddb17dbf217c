//! The catalogue: which event tells whom (spec section 7). Events that are not in it tell nobody.

use crate::entity::alerts_notifications::{NotificationCategory as Category, NotificationPriority as Class};

/// Whom an event can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The patient of the case, with mail.
    Patient,
    /// The clinic: members whose role covers it, and one mail to the clinic (R-CM-43).
    Clinic,
    /// The clinic's members, in the inbox only.
    ClinicInbox,
    /// Super admins and admins, in the inbox only.
    Admins,
    /// The account the event is about, of whatever guard, with mail to its own address.
    Holder,
    /// The member of a clinic's team the event names, with mail.
    Member,
    /// The same, in the inbox only.
    MemberInbox,
    /// The owner of the clinic, in the inbox only.
    Owner,
    /// The same, with mail to the owner's own address.
    OwnerByMail,
    /// The member of Hairline's staff the event names, with mail.
    Staff,
    /// Super admins, with mail.
    SuperAdmins,
    /// Owners and managers of clinics a change of the catalogue touches, in the inbox only: all of them for a new
    /// treatment, else those whose clinic offers it.
    Offerers,
    /// Those who decide about requests to be erased, in the inbox only; with mail when something failed.
    Desk,
    /// Those who keep the affiliates, in the inbox only.
    AffiliateManagers,
    /// Those who approve payouts, in the inbox only; with mail when one is late or failed.
    Payers,
}

/// One line of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The event.
    pub event: &'static str,
    /// The name of the subscription that listens to it.
    pub subscription: &'static str,
    /// What it is about.
    pub category: Category,
    /// How urgent it is (R-CM-40).
    pub class: Class,
    /// Whom it tells.
    pub to: &'static [Audience],
}

/// One line: the event, what it is about, how urgent it is, whom it tells.
macro_rules! rule {
    ($event:literal, $category:expr, $class:expr, $to:expr) => {
        Rule {
            event: $event,
            subscription: concat!("notifications.tell:", $event),
            category: $category,
            class: $class,
            to: $to,
        }
    };
}

/// The catalogue.
#[rustfmt::skip]
pub const CATALOGUE: &[Rule] = &{
    use Audience::{
        Admins, AffiliateManagers, Clinic, ClinicInbox, Desk, Holder, Member, MemberInbox, Offerers, Owner, OwnerByMail,
        Patient, Payers, Staff, SuperAdmins,
    };
    use Class::{Critical, Routine, Transactional};
    [
        rule!("inquiry.distributed", Category::Inquiry, Transactional, &[Clinic]),
        rule!("inquiry.updated", Category::Inquiry, Transactional, &[ClinicInbox]),
        rule!("inquiry.unmatched", Category::Inquiry, Transactional, &[Admins, Patient]),
        rule!("inquiry.no_quotes", Category::Inquiry, Transactional, &[Patient, Admins]),
        rule!("inquiry.provider_declined", Category::Inquiry, Transactional, &[Admins]),
        rule!("inquiry.cancelled", Category::Inquiry, Critical, &[Patient]),
        rule!("inquiry.closed", Category::Inquiry, Transactional, &[Clinic]),
        rule!("quote.submitted", Category::Quote, Transactional, &[Patient]),
        rule!("quote.updated", Category::Quote, Transactional, &[Patient, ClinicInbox]),
        rule!("quote.expiring_soon", Category::Quote, Routine, &[Patient, Clinic]),
        rule!("quote.expired", Category::Quote, Transactional, &[Patient, Clinic]),
        rule!("quote.accepted", Category::Quote, Transactional, &[Clinic, Patient]),
        rule!("quote.declined", Category::Quote, Transactional, &[Clinic]),
        rule!("quote.withdrawn", Category::Quote, Transactional, &[Patient]),
        rule!("quote.cancelled_other_accepted", Category::Quote, Transactional, &[Clinic]),
        rule!("quote.cancelled_inquiry", Category::Quote, Transactional, &[Clinic]),
        rule!("quote.withdrawal_requested", Category::Quote, Transactional, &[Patient, Admins]),
        rule!("quote.withdrawal_granted", Category::Quote, Transactional, &[Patient, Clinic]),
        rule!("quote.withdrawal_refused", Category::Quote, Transactional, &[Patient, Clinic]),
        rule!("quote.restored", Category::Quote, Transactional, &[Patient, Clinic]),
        rule!("quote.draft_restored", Category::Quote, Transactional, &[ClinicInbox]),
        rule!("inquiry.extended", Category::Inquiry, Transactional, &[Patient]),
        rule!("inquiry.answers_reopened", Category::Inquiry, Transactional, &[Patient]),
        rule!("booking.scheduled", Category::Booking, Transactional, &[Patient, Clinic]),
        rule!("booking.hold_expiring", Category::Booking, Transactional, &[Patient]),
        rule!("booking.hold_released", Category::Booking, Transactional, &[Patient, Clinic]),
        rule!("booking.confirmed", Category::Booking, Critical, &[Patient, Clinic]),
        rule!("booking.cancelled", Category::Booking, Critical, &[Patient, Clinic]),
        rule!("booking.rescheduled", Category::Booking, Critical, &[Patient, Clinic, Admins]),
        rule!("booking.reduced", Category::Booking, Critical, &[Patient, Clinic]),
        rule!("payment.received", Category::Payment, Critical, &[Patient, Clinic]),
        rule!("payment.failed", Category::Payment, Critical, &[Patient]),
        rule!("payment.due_reminder", Category::Payment, Routine, &[Patient]),
        rule!("payment.overdue", Category::Payment, Critical, &[Patient, Admins]),
        rule!("payment.plan_defaulted", Category::Payment, Critical, &[Patient, Clinic, Admins]),
        rule!("payment.refund_requested", Category::Payment, Transactional, &[Admins]),
        rule!("payment.refund_decided", Category::Payment, Critical, &[Patient]),
        rule!("payment.refunded", Category::Payment, Critical, &[Patient]),
        rule!("payment.refund_account_changed", Category::Payment, Critical, &[Patient]),
        rule!("system.alert", Category::System, Critical, &[Payers]),
        rule!("payout.statements_ready", Category::Payout, Transactional, &[Payers]),
        rule!("payout.overdue", Category::Payout, Critical, &[Payers]),
        rule!("payout.provider_processed", Category::Payout, Critical, &[Clinic]),
        rule!("payout.failed", Category::Payout, Critical, &[Payers, Clinic]),
        rule!("payout.bank_details_changed", Category::Payout, Critical, &[OwnerByMail]),
        rule!("treatment.started", Category::Treatment, Transactional, &[Patient, ClinicInbox, Admins]),
        rule!("treatment.completed", Category::Treatment, Transactional, &[Patient, Clinic]),
        rule!("message.received", Category::Messaging, Transactional, &[Patient, ClinicInbox]),
        rule!("conversation.flagged", Category::Messaging, Transactional, &[Admins]),
        rule!("aftercare.activated", Category::Aftercare, Transactional, &[Patient, Clinic]),
        rule!("aftercare.scan_due", Category::Aftercare, Routine, &[Patient]),
        rule!("aftercare.questionnaire_due", Category::Aftercare, Routine, &[Patient]),
        rule!("aftercare.milestone_due", Category::Aftercare, Routine, &[Patient]),
        rule!("aftercare.standalone_requested", Category::Aftercare, Transactional, &[Admins]),
        rule!("aftercare.standalone_assigned", Category::Aftercare, Transactional, &[Clinic, Patient]),
        rule!("aftercare.assignment_reminder", Category::Aftercare, Transactional, &[Clinic]),
        rule!("aftercare.request_expiring", Category::Aftercare, Transactional, &[Admins]),
        rule!("aftercare.request_declined", Category::Aftercare, Transactional, &[Admins]),
        rule!("aftercare.request_rejected", Category::Aftercare, Transactional, &[Patient]),
        rule!("aftercare.standalone_payment_confirmed", Category::Aftercare, Critical, &[Patient]),
        rule!("aftercare.payment_failed", Category::Aftercare, Critical, &[Patient, Admins]),
        rule!("aftercare.payment_due_reminder", Category::Aftercare, Routine, &[Patient]),
        rule!("aftercare.refunded", Category::Aftercare, Critical, &[Patient]),
        rule!("aftercare.case_suspended", Category::Aftercare, Transactional, &[Patient, Clinic]),
        rule!("aftercare.case_resumed", Category::Aftercare, Transactional, &[Patient, Clinic]),
        rule!("aftercare.escalation_triggered", Category::Aftercare, Critical, &[Clinic, Admins]),
        rule!("aftercare.escalation_raised", Category::Aftercare, Critical, &[Clinic, Admins]),
        rule!("review.requested", Category::Review, Routine, &[Patient]),
        rule!("review.submitted", Category::Review, Transactional, &[Admins]),
        rule!("review.published", Category::Review, Transactional, &[Clinic, Patient]),
        rule!("review.updated", Category::Review, Transactional, &[ClinicInbox]),
        rule!("review.rejected", Category::Review, Transactional, &[Patient]),
        rule!("review.removed_by_admin", Category::Review, Transactional, &[Patient]),
        rule!("review.response_posted", Category::Review, Transactional, &[Patient]),
        rule!("review.response_removed", Category::Review, Transactional, &[Clinic]),
        rule!("account.created", Category::Account, Transactional, &[Holder]),
        rule!("account.password_changed", Category::Account, Critical, &[Holder]),
        rule!("account.email_changed", Category::Account, Critical, &[Holder]),
        rule!("account.mfa_changed", Category::Account, Critical, &[Holder]),
        rule!("account.recovery_code_used", Category::Account, Critical, &[Holder]),
        rule!("account.locked", Category::Account, Critical, &[Holder]),
        rule!("account.new_device_login", Category::Account, Critical, &[Holder]),
        rule!("account.status_changed", Category::Account, Critical, &[Holder]),
        rule!("account.profile_changed_by_admin", Category::Account, Critical, &[Holder]),
        rule!("privacy.request_updated", Category::Compliance, Critical, &[Patient, Desk]),
        rule!("privacy.bundle_ready", Category::Compliance, Critical, &[Patient]),
        rule!("privacy.bundle_expired", Category::Compliance, Transactional, &[Patient]),
        rule!("privacy.deadline_approaching", Category::Compliance, Transactional, &[Desk]),
        rule!("privacy.hold_changed", Category::Compliance, Transactional, &[Desk]),
        rule!("privacy.retention_run_finished", Category::Compliance, Transactional, &[Desk]),
        rule!("provider.deletion_requested", Category::Compliance, Transactional, &[Desk]),
        rule!("catalog.treatment_changed", Category::System, Routine, &[Offerers]),
        rule!("questionnaire.inquiry_unconfigured", Category::System, Critical, &[Admins]),
        rule!("starting_price.expiring", Category::System, Transactional, &[Admins]),
        rule!("legal.acceptance_required", Category::Legal, Critical, &[Holder]),
        rule!("legal.published", Category::Legal, Transactional, &[Admins]),
        rule!("affiliate.status_changed", Category::Affiliate, Transactional, &[AffiliateManagers]),
        rule!("legal.coverage_low", Category::Legal, Transactional, &[Admins]),
        rule!("team.invitation_accepted", Category::Account, Transactional, &[MemberInbox, Owner]),
        rule!("team.invitation_expiring", Category::Account, Transactional, &[MemberInbox, Owner]),
        rule!("team.invitation_bounced", Category::Account, Transactional, &[Member, Owner, Admins]),
        rule!("team.seat_requested", Category::Account, Transactional, &[Admins]),
        rule!("provider.seat_limit_changed", Category::Account, Transactional, &[Member, Admins]),
        rule!("provider.commission_changed", Category::Account, Transactional, &[Member, Admins]),
        rule!("team.role_changed", Category::Account, Critical, &[Member, Owner]),
        rule!("team.member_status_changed", Category::Account, Critical, &[Member, Owner]),
        rule!("admin.invitation_accepted", Category::Account, Critical, &[SuperAdmins]),
        rule!("admin.invitation_bounced", Category::Account, Transactional, &[Staff]),
        rule!("admin.role_changed", Category::Account, Critical, &[Staff]),
        rule!("admin.permissions_changed", Category::Account, Critical, &[Staff]),
        rule!("security.token_reuse", Category::Account, Critical, &[Holder, SuperAdmins]),
        rule!("security.key_rotation_finished", Category::Compliance, Transactional, &[SuperAdmins]),
        rule!("security.key_rotation_failed", Category::Compliance, Critical, &[SuperAdmins]),
        rule!("security.audit_chain_broken", Category::Compliance, Critical, &[SuperAdmins]),
        rule!("security.ip_blocked", Category::Compliance, Critical, &[SuperAdmins]),
        rule!("security.repeated_denial", Category::Compliance, Critical, &[SuperAdmins]),
    ]
};

/// The line of an event, if it tells anybody.
pub fn rule_of(event: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().find(|rule| rule.event == event)
}

/// The key of an event's text in the catalogue of languages.
pub fn text_key(event: &str, part: &str) -> String {
    format!("notify-{}-{part}", event.replace(['.', '_'], "-"))
}

/// Roles of a clinic that hear of a category (R-CM-43).
pub fn covers(category: Category, role: &str) -> bool {
    match role {
        "provider_owner" | "provider_manager" => true,
        "provider_clinical" => matches!(category, Category::Treatment | Category::Aftercare | Category::Messaging),
        "provider_billing" => matches!(category, Category::Payment | Category::Payout),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use platform::locale::{self, Locale};

    use super::*;

    #[test]
    fn every_event_has_its_texts_in_every_language() {
        for rule in CATALOGUE {
            for part in ["title", "body"] {
                let key = text_key(rule.event, part);
                for language in [Locale::En, Locale::Tr] {
                    assert!(locale::find_text(language, &key).is_some(), "{key} in {language:?}");
                }
            }
        }
    }

    #[test]
    fn no_event_stands_twice() {
        let mut events: Vec<&str> = CATALOGUE.iter().map(|rule| rule.event).collect();
        events.sort_unstable();
        events.dedup();
        assert_eq!(events.len(), CATALOGUE.len());
    }

    #[test]
    fn whom_news_of_accounts_and_teams_reach() {
        use Audience::{Desk, Holder, Member, Owner, Staff, SuperAdmins};
        for (event, to) in [
            ("account.created", &[Holder][..]),
            ("account.password_changed", &[Holder]),
            ("account.locked", &[Holder]),
            ("team.role_changed", &[Member, Owner]),
            ("team.member_status_changed", &[Member, Owner]),
            ("admin.role_changed", &[Staff]),
            ("admin.permissions_changed", &[Staff]),
            ("admin.invitation_accepted", &[SuperAdmins]),
            ("security.token_reuse", &[Holder, SuperAdmins]),
            ("security.key_rotation_finished", &[SuperAdmins]),
            ("security.key_rotation_failed", &[SuperAdmins]),
            ("security.ip_blocked", &[SuperAdmins]),
            ("provider.deletion_requested", &[Desk]),
        ] {
            let rule = CATALOGUE.iter().find(|rule| rule.event == event).unwrap();
            assert_eq!(rule.to, to, "{event}");
        }
    }

    #[test]
    fn billing_staff_hear_of_money_only() {
        assert!(covers(Category::Payment, "provider_billing"));
        assert!(!covers(Category::Inquiry, "provider_billing"));
        assert!(covers(Category::Aftercare, "provider_clinical"));
        assert!(!covers(Category::Quote, "provider_clinical"));
    }
}
