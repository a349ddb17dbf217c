//! Two clinics, staff and the server's own routes; people sign in as they would.

use axum::Router;
use catalogue::entity::packages::PackageCategory;
use directory::seed::{Clinic, ClinicSpec};
use identity::seed::{AdminSpec, Hashed};
use kernel::ids::{AffiliateId, PackageId, ProviderId, TreatmentId};
use kernel::{Amount, Currency, Money};
use platform::App;
use platform::jobs::Registry;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use testkit::{Client, TestApp};
use totp_rs::{Algorithm, Secret, TOTP};

pub const PASSWORD: &str = "Correct!Horse7Battery";
const ADMIN_TOTP: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const CLINIC_TOTP: [&str; 2] = ["KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"];

/// A clinic and its owner's sign-in.
pub struct Side {
    pub clinic: Clinic,
    pub treatment: TreatmentId,
    pub packages: Vec<PackageId>,
    email: String,
    totp: &'static str,
}

impl Side {
    pub fn id(&self) -> ProviderId {
        self.clinic.id()
    }
}

pub struct World {
    pub t: TestApp,
    pub http: Client,
    pub registry: Registry,
    pub clinics: Vec<Side>,
}

impl World {
    /// An installation with two clinics in two countries, a super admin and nobody else, on 2 March 2026.
    pub async fn new(t: TestApp) -> Self {
        t.at("2026-03-02T10:00:00Z");
        server::install(&t.app).await.unwrap();
        let password = Hashed::of(&t.app, PASSWORD).await.unwrap();
        let mut admin = AdminSpec::super_admin("root@hairline.example");
        admin.password = password.clone();
        admin.totp_secret = Some(ADMIN_TOTP.to_owned());
        let admin = identity::seed::admin(&t.app, admin).await.unwrap();
        catalogue::seed::fx_rates(&t.app).await.unwrap();
        let treatments = catalogue::seed::treatments(&t.app, admin).await.unwrap();
        let fue = treatments.iter().find(|row| row.treatment_name.contains("FUE")).unwrap().id;
        let places = [
            ("Bosphorus Hair", "Istanbul", "TR", "Europe/Istanbul"),
            ("Vistula Clinic", "Warsaw", "PL", "Europe/Warsaw"),
        ];
        let mut clinics = Vec::new();
        for ((name, city, country, zone), totp) in places.into_iter().zip(CLINIC_TOTP) {
            let email = format!("owner@{}.example", country.to_lowercase());
            let mut spec = ClinicSpec::new(name).in_city(city, country, zone).with_owner_login(
                &email,
                password.clone(),
                Some(totp),
            );
            spec.commission_percent = Some(20);
            let clinic = directory::seed::clinic(&t.app, spec).await.unwrap();
            let (treatment, packages) = offer(&t.app, clinic.id(), fue).await;
            clinics.push(Side { clinic, treatment, packages, email, totp });
        }
        let registry = server::registry();
        let router: Router<App> = server::router(&t.app).with_state(());
        let http = t.client(router);
        Self { t, http, registry, clinics }
    }

    pub async fn run_jobs(&self) {
        self.t.run_jobs(&self.registry).await;
    }

    /// A client that sends this token.
    pub fn with_token(&self, token: &str) -> Client {
        self.http.header("authorization", &format!("Bearer {token}"))
    }

    /// Signs a clinic's owner in with password and TOTP.
    pub async fn clinic(&self, index: usize) -> Client {
        let side = &self.clinics[index];
        self.staff("provider", &side.email, side.totp).await
    }

    /// Signs the super admin in with password and TOTP.
    pub async fn admin(&self) -> Client {
        self.staff("admin", "root@hairline.example", ADMIN_TOTP).await
    }

    /// The code the super admin's app shows now.
    pub fn admin_code(&self) -> String {
        code_of(ADMIN_TOTP, self.t.now().timestamp())
    }

    /// Makes another super admin, whose sign-in [`Self::colleague`] is.
    pub async fn hire(&self) {
        let mut spec = AdminSpec::super_admin("second@hairline.example");
        spec.password = Hashed::of(&self.t.app, PASSWORD).await.unwrap();
        spec.totp_secret = Some(ADMIN_TOTP.to_owned());
        identity::seed::admin(&self.t.app, spec).await.unwrap();
    }

    /// Signs the second super admin in.
    pub async fn colleague(&self) -> Client {
        self.staff("admin", "second@hairline.example", ADMIN_TOTP).await
    }

    /// An affiliate with a login.
    pub async fn affiliate(&self) -> AffiliateId {
        let affiliate = AffiliateId::new();
        let row = format!(
            "INSERT INTO affiliates (id, affiliate_name, email, status, affiliate_code, commission_value) \
             VALUES ('{affiliate}', 'Ada Travels', 'ada@travels.example', 'active', 'HP-AFF-00001', 10)"
        );
        self.t.conn().execute_unprepared(&row).await.unwrap();
        let password = Hashed::of(&self.t.app, PASSWORD).await.unwrap();
        identity::seed::affiliate_login(&self.t.app, affiliate, &password).await.unwrap();
        affiliate
    }

    async fn staff(&self, guard: &str, login: &str, totp: &str) -> Client {
        // A code counts once: another sign-in in the same half minute needs the next one.
        self.t.advance(std::time::Duration::from_secs(31));
        let first = self
            .http
            .post(&format!("/api/v1/{guard}/auth/login"), json!({ "login": login, "password": PASSWORD }))
            .await;
        let ticket = first.assert_status(200).str("/mfa_token").to_owned();
        let code = code_of(totp, self.t.now().timestamp());
        let second =
            self.http.post(&format!("/api/v1/{guard}/auth/mfa"), json!({ "mfa_token": ticket, "code": code })).await;
        self.with_token(second.assert_status(200).str("/access_token"))
    }

    /// Signs a patient in again: access tokens live for minutes, cases for a year.
    pub async fn patient(&self, email: &str) -> Client {
        let answer =
            self.http.post("/api/v1/patient/auth/login", json!({ "login": email, "password": PASSWORD })).await;
        self.with_token(answer.assert_status(200).str("/access_token"))
    }

    /// The newest mail to an address.
    pub fn mail_to(&self, address: &str) -> platform::mail::Mail {
        self.t.app.mailer.sent().into_iter().rev().find(|mail| mail.to.contains(address)).expect("a mail")
    }
}

fn code_of(secret: &str, unix: i64) -> String {
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, bytes, None, "hairline".to_owned()).unwrap();
    totp.generate(u64::try_from(unix).unwrap())
}

/// FUE at 2,500.00 and 2.00 a graft with packages of 300, 50 and 100: the prices of GS-1.
async fn offer(app: &App, provider: ProviderId, treatment: TreatmentId) -> (TreatmentId, Vec<PackageId>) {
    let pounds = |units| Money::new(Amount::from_units(units), Currency::GBP);
    catalogue::seed::price(app, provider, treatment, pounds(2500), Amount::from_units(2)).await.unwrap();
    let mut packages = Vec::new();
    let offered = [
        ("Hotel", PackageCategory::Hotel, 300),
        ("Transfer", PackageCategory::Transport, 50),
        ("PRP", PackageCategory::PrpTherapy, 100),
    ];
    for (name, category, price) in offered {
        packages.push(catalogue::seed::package(app, provider, name, category, pounds(price)).await.unwrap().id);
    }
    (treatment, packages)
}

/// The ids of a list's entries.
pub fn ids(page: &Json) -> Vec<String> {
    let rows = page.as_array().or_else(|| page["data"].as_array()).expect("a list");
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}
