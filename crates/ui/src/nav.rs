//! What each portal's navigation leads to, and to whom it is shown.

use kernel::{Actor, Permission};

use crate::Portal;

/// An entry of a portal's navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Address.
    pub href: &'static str,
    /// Key of its label in the catalogue.
    pub label: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Whether the page shown lies below it.
    pub current: bool,
}

type Entry = (&'static str, &'static str, &'static str, Option<Permission>);

const PUBLIC: &[Entry] = &[
    ("/clinics", "nav-clinics", "clinic", None),
    ("/treatments", "nav-treatments", "leaf", None),
    ("/#how", "nav-how", "route", None),
];

const PATIENT: &[Entry] = &[
    ("/patient", "nav-home", "home", None),
    ("/patient/aftercare", "nav-aftercare", "heart", None),
    ("/patient/messages", "nav-messages", "chat", None),
    ("/patient/notifications", "nav-notifications", "bell", None),
    ("/patient/profile", "nav-profile", "person", None),
];

const PROVIDER: &[Entry] = &[
    ("/provider", "nav-dashboard", "home", None),
    ("/provider/inquiries", "nav-inquiries", "inbox", Some(Permission::ViewInquiry)),
    ("/provider/quotes", "nav-quotes", "file", Some(Permission::ViewQuote)),
    ("/provider/bookings", "nav-bookings", "ticket", Some(Permission::ViewTreatmentCase)),
    ("/provider/calendar", "nav-calendar", "calendar", Some(Permission::ViewCalendar)),
    ("/provider/aftercare", "nav-aftercare", "heart", Some(Permission::ViewAftercare)),
    ("/provider/messages", "nav-messages", "chat", Some(Permission::MessagePatient)),
    ("/provider/earnings", "nav-earnings", "trend", Some(Permission::ViewFinancialDashboard)),
    ("/provider/payouts", "nav-payouts", "wallet", Some(Permission::ViewPayout)),
    ("/provider/bank-details", "nav-bank-details", "card", Some(Permission::ManageBankDetail)),
    ("/provider/prices", "nav-offer", "leaf", Some(Permission::ManageTreatmentOffering)),
    ("/provider/reviews", "nav-reviews", "star", Some(Permission::ViewProfile)),
    ("/provider/notifications", "nav-notifications", "bell", None),
    ("/provider/team", "nav-team", "people", Some(Permission::ViewTeam)),
    ("/provider/profile", "nav-clinic-profile", "clinic", Some(Permission::ViewProfile)),
    ("/provider/account", "nav-account", "person", None),
];

const ADMIN: &[Entry] = &[
    ("/admin", "nav-dashboard", "home", None),
    ("/admin/cases", "nav-cases", "route", Some(Permission::ViewInquiry)),
    ("/admin/quotes", "nav-quotes", "file", Some(Permission::ViewQuote)),
    ("/admin/withdrawals", "nav-withdrawals", "refresh", Some(Permission::ReassignProvider)),
    ("/admin/bookings", "nav-bookings", "ticket", Some(Permission::ViewTransaction)),
    ("/admin/invoices", "invoices-title", "wallet", Some(Permission::ViewPatientBilling)),
    ("/admin/installments", "nav-installments", "calendar", Some(Permission::ViewTransaction)),
    ("/admin/bank-receipts", "nav-transfers", "wallet", Some(Permission::ViewTransaction)),
    ("/admin/gateway-events", "nav-gateway-events", "card", Some(Permission::ViewTransaction)),
    ("/admin/reconciliation", "nav-reconciliation", "check", Some(Permission::ViewTransaction)),
    ("/admin/ledger", "nav-ledger", "file", Some(Permission::ViewTransaction)),
    ("/admin/refunds", "nav-refunds", "wallet", Some(Permission::IssueRefund)),
    ("/admin/payouts", "nav-payouts", "wallet", Some(Permission::ViewTransaction)),
    ("/admin/revenue", "revenue-title", "trend", Some(Permission::ViewFinancialReport)),
    ("/admin/clinics", "nav-clinics", "clinic", Some(Permission::ViewProvider)),
    ("/admin/patients", "nav-patients", "people", Some(Permission::ViewPatient)),
    ("/admin/treatments", "nav-catalogue", "leaf", Some(Permission::ManageTreatmentCatalog)),
    ("/admin/regions", "cat-regions", "globe", Some(Permission::ManageAppData)),
    ("/admin/affiliates", "nav-affiliates", "people", Some(Permission::ViewAffiliate)),
    ("/admin/reviews", "nav-reviews", "star", Some(Permission::ViewReview)),
    ("/admin/aftercare", "nav-aftercare", "heart", Some(Permission::ViewAftercare)),
    ("/admin/notifications", "nav-notifications", "bell", None),
    ("/admin/jobs", "nav-jobs", "gears", Some(Permission::ViewSetting)),
    ("/admin/provider-users", "nav-clinic-staff", "people", Some(Permission::ViewProviderTeam)),
    ("/admin/users", "nav-staff", "person", Some(Permission::ManageUser)),
    ("/admin/roles", "nav-roles", "lock", Some(Permission::ManageRole)),
    ("/admin/privacy", "nav-privacy", "lock", Some(Permission::ManageDeletionRequest)),
    ("/admin/legal-documents", "nav-legal", "file", Some(Permission::ManageTerms)),
    ("/admin/languages", "nav-languages", "globe", Some(Permission::ManageLanguage)),
    ("/admin/audit", "nav-audit", "shield", Some(Permission::ViewAuditLog)),
    ("/admin/settings", "nav-settings", "sliders", Some(Permission::ViewSetting)),
    ("/admin/account", "nav-account", "person", None),
];

const AFFILIATE: &[Entry] = &[
    ("/affiliate", "nav-dashboard", "home", None),
    ("/affiliate/notifications", "nav-notifications", "bell", None),
    ("/affiliate/account", "nav-account", "person", None),
];

/// An entry of an account's own navigation: address, label, icon.
type Own = (&'static str, &'static str, &'static str);

const PATIENT_OWN: &[Own] = &[
    ("/patient/profile", "account-nav-profile", "person"),
    ("/patient/security#about-me", "account-nav-sign-in", "mail"),
    ("/patient/security#password-section", "account-password", "lock"),
    ("/patient/security#devices", "account-nav-devices", "devices"),
    ("/patient/security/preferences", "account-nav-preferences", "globe"),
    ("/patient/privacy", "privacy-title", "shield"),
    ("/patient/legal", "terms-title", "file"),
];

const PROVIDER_OWN: &[Own] = &[
    ("/provider/account#about-me", "account-about", "person"),
    ("/provider/account#address", "signup-email", "mail"),
    ("/provider/account#password-section", "account-password", "lock"),
    ("/provider/account#mfa", "account-mfa", "shield"),
    ("/provider/account#devices", "account-nav-devices", "devices"),
    ("/provider/account/preferences", "account-nav-preferences", "globe"),
    ("/provider/account/tokens", "nav-api-tokens", "gears"),
    ("/provider/account/activity", "account-activity", "clock"),
    ("/provider/account/legal", "terms-title", "file"),
];

const ADMIN_OWN: &[Own] = &[
    ("/admin/account#about-me", "account-about", "person"),
    ("/admin/account#address", "signup-email", "mail"),
    ("/admin/account#password-section", "account-password", "lock"),
    ("/admin/account#mfa", "account-mfa", "shield"),
    ("/admin/account#devices", "account-nav-devices", "devices"),
    ("/admin/account/preferences", "account-nav-preferences", "globe"),
    ("/admin/account/tokens", "nav-api-tokens", "gears"),
    ("/admin/account/activity", "account-activity", "clock"),
    ("/admin/account/legal", "terms-title", "file"),
];

const AFFILIATE_OWN: &[Own] = &[
    ("/affiliate/account#about-me", "account-about", "person"),
    ("/affiliate/account#password-section", "account-password", "lock"),
    ("/affiliate/account#devices", "account-nav-devices", "devices"),
    ("/affiliate/account/preferences", "account-nav-preferences", "globe"),
    ("/affiliate/account/legal", "terms-title", "file"),
];

/// The parts of one's own account, with the page shown marked.
pub(crate) fn own(portal: Portal, path: &str) -> Vec<NavItem> {
    let all = match portal {
        Portal::Public => &[],
        Portal::Patient => PATIENT_OWN,
        Portal::Provider => PROVIDER_OWN,
        Portal::Admin => ADMIN_OWN,
        Portal::Affiliate => AFFILIATE_OWN,
    };
    let page = |href: &'static str| href.split('#').next() == Some(path);
    // Of the parts of one page the first is where the page begins; the script follows the reader from there.
    let first = all.iter().position(|(href, _, _)| page(href));
    all.iter()
        .enumerate()
        .map(|(place, &(href, label, icon))| NavItem { href, label, icon, current: first == Some(place) })
        .collect()
}

/// The entries a reader of `path` sees, with the present one marked.
pub(crate) fn entries(portal: Portal, actor: &Actor, path: &str) -> Vec<NavItem> {
    let all = match portal {
        Portal::Public => PUBLIC,
        Portal::Patient => PATIENT,
        Portal::Provider => PROVIDER,
        Portal::Admin => ADMIN,
        Portal::Affiliate => AFFILIATE,
    };
    let here = |href: &str| path == href || (href != portal.home() && path.starts_with(&format!("{href}/")));
    all.iter()
        .filter(|(_, _, _, needs)| needs.is_none_or(|permission| actor.can(permission)))
        .map(|&(href, label, icon, _)| NavItem { href, label, icon, current: here(href) })
        .collect()
}
