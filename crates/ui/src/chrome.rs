//! What surrounds every page: language, portal, navigation, the reader.

use kernel::{Actor, Guard};
use platform::locale::{self, Locale};

use crate::asset_url;

/// One of the four portals, and the public site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// Everybody.
    Public,
    /// Patients.
    Patient,
    /// Clinic staff.
    Provider,
    /// Hairline's staff.
    Admin,
    /// Affiliates.
    Affiliate,
}

impl Portal {
    /// Where the portal begins.
    pub fn home(self) -> &'static str {
        match self {
            Self::Public => "/",
            Self::Patient => "/patient",
            Self::Provider => "/provider",
            Self::Admin => "/admin",
            Self::Affiliate => "/affiliate",
        }
    }

    /// Where its people sign in.
    pub fn login(self) -> &'static str {
        match self {
            Self::Public | Self::Patient => "/login",
            Self::Provider => "/provider/login",
            Self::Admin => "/admin/login",
            Self::Affiliate => "/affiliate/login",
        }
    }

    /// The portal of a guard.
    pub fn of(guard: Guard) -> Self {
        match guard {
            Guard::Patient => Self::Patient,
            Guard::Provider => Self::Provider,
            Guard::Api => Self::Admin,
            Guard::Affiliate => Self::Affiliate,
        }
    }

    /// The guard whose accounts use it; the public site has none.
    pub fn guard(self) -> Option<Guard> {
        match self {
            Self::Public => None,
            Self::Patient => Some(Guard::Patient),
            Self::Provider => Some(Guard::Provider),
            Self::Admin => Some(Guard::Api),
            Self::Affiliate => Some(Guard::Affiliate),
        }
    }

    /// The portal a path belongs to.
    pub fn of_path(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("patient") => Self::Patient,
            Some("provider") => Self::Provider,
            Some("admin") => Self::Admin,
            Some("affiliate") => Self::Affiliate,
            _ => Self::Public,
        }
    }

    /// Key of its name in the catalogue.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Public => "portal-public",
            Self::Patient => "portal-patient",
            Self::Provider => "portal-provider",
            Self::Admin => "portal-admin",
            Self::Affiliate => "portal-affiliate",
        }
    }
}

/// An entry of a portal's navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Address.
    pub href: &'static str,
    /// Key of its label in the catalogue.
    pub label: &'static str,
    /// Whether the page shown lies below it.
    pub current: bool,
}

/// What surrounds a page. Templates read it and never decide by it.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The reader's language.
    pub locale: Locale,
    /// The portal whose layout surrounds the page.
    pub portal: Portal,
    /// Path of the page.
    pub path: String,
    /// Hidden field of every form.
    pub csrf: String,
    /// Whether somebody is signed in to this portal.
    pub signed_in: bool,
    /// The stylesheet's address.
    pub stylesheet: String,
}

impl Chrome {
    /// The surroundings of a page at `path`.
    pub fn new(locale: Locale, actor: &Actor, path: &str, csrf: String) -> Self {
        let portal = Portal::of_path(path);
        Self {
            locale,
            portal,
            path: path.to_owned(),
            csrf,
            signed_in: portal.guard().is_some() && actor.guard() == portal.guard(),
            stylesheet: asset_url("hairline.css"),
        }
    }

    /// A text of the catalogue in the reader's language.
    pub fn t(&self, key: &str) -> String {
        locale::t(self.locale, key)
    }

    /// The address of the mark.
    pub fn icon(&self) -> String {
        asset_url("mark.svg")
    }

    /// The code for the `lang` attribute.
    pub fn lang(&self) -> &'static str {
        self.locale.code()
    }

    /// The portal's navigation, with the present entry marked.
    pub fn nav(&self) -> Vec<NavItem> {
        let entries: &[(&'static str, &'static str)] = match self.portal {
            Portal::Public => &[("/", "nav-home"), ("/login", "nav-sign-in")],
            Portal::Patient => &[("/patient", "nav-home")],
            Portal::Provider => &[("/provider", "nav-home")],
            Portal::Admin => &[("/admin", "nav-cases")],
            Portal::Affiliate => &[("/affiliate", "nav-home")],
        };
        let here = |href: &str| self.path == href || (href != "/" && self.path.starts_with(&format!("{href}/")));
        entries.iter().map(|&(href, label)| NavItem { href, label, current: here(href) }).collect()
    }
}
