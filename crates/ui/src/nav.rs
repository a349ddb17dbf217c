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
    ("/admin/clinics", "nav-clinics", "clinic", Some(Permission::ViewProvider)),
    ("/admin/patients", "nav-patients", "people", Some(Permission::ViewPatient)),
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

const AFFILIATE: &[Entry] =
    &[("/affiliate", "nav-dashboard", "home", None), ("/affiliate/account", "nav-account", "person", None)];

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
