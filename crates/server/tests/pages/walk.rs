//! Every page that can be reached, in both languages, as everybody: it answers, needs at most eight statements, says
//! nothing that has no text, and every template is among what was seen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};

use server::demo::TOTP_SECRET;
use tracing::field::{Field, Visit};
use tracing::span;

use super::browser::{Browser, links};
use super::demonstration;

/// What a page of a list or of one thing may ask of the database.
const MOST_STATEMENTS: u64 = 8;

/// Pages that do much on purpose, with what they may ask.
const HEAVIER: &[(&str, u64)] = &[
    // The builder shows the case, the price list, the discounts, the calendar and the quote with its parts.
    ("/provider/cases/*/quote?", 13),
];

/// Two pages of one shape show what a third would.
const OF_ONE_SHAPE: usize = 3;

/// Collects the log lines that tell of a missing text.
#[derive(Clone, Default)]
struct Missing(Arc<Mutex<BTreeSet<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{}={value:?} ", field.name()));
    }
}

impl tracing::Subscriber for Missing {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::WARN
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        if line.0.contains("no text for this") || line.0.contains("could not be filled in") {
            self.0.lock().unwrap().insert(line.0);
        }
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The path with its ids taken out, and the names of its query.
pub fn shape(href: &str) -> String {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let parts = path.split('/').map(|part| if part.len() >= 32 || part.parse::<u64>().is_ok() { "*" } else { part });
    let mut names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    names.sort_unstable();
    format!("{}?{}", parts.collect::<Vec<_>>().join("/"), names.join("&"))
}

pub fn is_page(href: &str) -> bool {
    let others = [
        "/assets/",
        "/files/",
        "/api/",
        "/language",
        "/theme",
        "/live",
        "/sw.js",
        "/manifest",
        "/health",
        "/demo/mails",
        // Papers are files.
        "/patient/documents/",
        "/admin/documents/",
        "/provider/payout-invoices/",
        "/admin/payout-invoices/",
    ];
    let path = href.split('?').next().unwrap_or(href);
    !others.iter().any(|other| path.starts_with(other)) && !path.ends_with("/calendar.ics") && !path.ends_with("/csv")
}

#[derive(Default)]
struct Seen {
    templates: BTreeSet<String>,
    faults: BTreeSet<String>,
    pages: usize,
}

/// Follows every link from a start, within bounds.
async fn walk(browser: &mut Browser, who: &str, start: &[&str], seen: &mut Seen) {
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut queue: VecDeque<(String, String)> =
        start.iter().map(|path| ((*path).to_owned(), "start".to_owned())).collect();
    while let Some((href, from)) = queue.pop_front() {
        let count = shapes.entry(shape(&href)).or_default();
        if !known.insert(href.clone()) || *count >= OF_ONE_SHAPE {
            continue;
        }
        *count += 1;
        let (reply, mut statements) = browser.open_counting(&href).await;
        seen.pages += 1;
        if reply.status == 301 || reply.status == 303 {
            let to = reply.headers["location"].to_str().unwrap().to_owned();
            if to.starts_with('/') && is_page(&to) {
                queue.push_back((to, href));
            }
            continue;
        }
        if reply.status != 200 {
            seen.faults.insert(format!("{who}: {href} (linked from {from}) answers {}", reply.status));
            continue;
        }
        if let Some(ui::Rendered(name)) = reply.extensions.get::<ui::Rendered>() {
            seen.templates.insert((*name).to_owned());
        }
        let text = reply.text();
        if text.len() > 150_000 {
            seen.faults.insert(format!("{who}: {} weighs {} bytes", shape(&href), text.len()));
        }
        if text.matches("<h1").count() != 1 {
            seen.faults.insert(format!("{who}: {} has {} first headings", shape(&href), text.matches("<h1").count()));
        }
        let bound = HEAVIER
            .iter()
            .find(|(heavy, _)| shape(&href).starts_with(heavy))
            .map_or(MOST_STATEMENTS, |(_, most)| *most);
        if statements > bound {
            // Some of them may have filled a cache: the second reader shows it.
            statements = browser.statements(&href).await;
        }
        if statements > bound {
            seen.faults.insert(format!("{who}: {} needs {statements} statements", shape(&href)));
        }
        for link in links(&text) {
            let link = if link.starts_with('?') { format!("{}{link}", href.split('?').next().unwrap()) } else { link };
            if is_page(&link) {
                queue.push_back((link, href.clone()));
            }
        }
    }
}

/// The templates of pages, by the structures they are rendered from.
fn page_structs() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            if !name.contains("/src/") || !name.ends_with(".rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("#[template(path = \"").skip(1) {
                let template = part.split('"').next().unwrap();
                let is_part = template.starts_with("c/") || part.split("struct ").nth(1).is_none();
                let declared = part.split("struct ").nth(1).unwrap_or_default();
                let struct_name: String = declared.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !is_part {
                    found.insert(struct_name);
                }
            }
        }
    }
    found
}

/// What this walk cannot see: pages that only a form or a state outside the demonstration leads to, and parts that
/// the templates around them include.
const BY_FORM: &[&str] = &[
    // The key of a copy of one's data: the tests of privacy.
    "KeyPage",
    // A legal order, a request to close a clinic, a run of retention, a key for somebody's copy: `desk.rs`.
    "ClosingPage",
    "HoldPage",
    "RunPage",
    "StaffKeyPage",
    // What the link of an affiliate's mail leads to: the tests of identity.
    "ActivationOverPage",
    "ActivationSetUpPage",
    // Steps of sign-in, sign-up and recovery, and a form taken up again: `forms.rs` and the tests of identity.
    "CodePage",
    "ConfirmPage",
    "DifferencePage",
    "InvitedPage",
    "CompletePage",
    "ConfirmPage",
    // Steps of a forgotten password, of a changed address and of a removed authenticator app: the tests of identity.
    "DisputePage",
    "EmailCodePage",
    "ForgotCodePage",
    "MfaOffPage",
    "NewPasswordPage",
    "RecoveryCodesPage",
    "ResumePage",
    "SetUpPage",
    "VerifyPage",
    // Offers compared, a request cancelled, a price while it is written: the page tests of quoting.
    "CancelPage",
    "CancelledPage",
    "ComparePage",
    "PricePanel",
    "Kept",
    // What answers that worry lead to: the page tests of aftercare.
    "UrgentPage",
    // Mails only where the demo runs.
    "Mails",
    "OneMail",
    // A program asks to act for somebody, a secret is shown once: the tests of identity.
    "ConsentPage",
    "OnwardPage",
    "RefusedPage",
    "SecretPage",
    // A plan that runs, a refund that waits: the page tests of payments.
    "PlanPage",
    "RefundPage",
    // A patient who did not come, a refund by transfer: the page tests of payments and finance.
    "NoShowPage",
    "RefundAccountPage",
    "SendPage",
    // Parts of other pages.
    "Compare",
    "CardView",
    "QuestionView",
    "TransferView",
    "ResultView",
    "ErrorPage",
];

#[tokio::test]
async fn every_page_answers_everybody_in_both_languages() {
    let missing = Missing::default();
    let _guard = tracing::subscriber::set_default(missing.clone());
    assert!(TOTP_SECRET.len() >= 32);
    let (t, logins, _kept) = demonstration::begin().await;
    let mut seen = Seen::default();
    for language in ["en", "tr"] {
        let mut stranger = Browser::new(&t, language);
        let starts = [
            "/",
            "/clinics",
            "/treatments",
            "/login",
            "/sign-up",
            "/invitation",
            "/provider/login",
            "/admin/login",
            "/affiliate/login",
            "/affiliate/activate",
            "/offline",
            "/_ui",
        ];
        walk(&mut stranger, "stranger", &starts, &mut seen).await;
        for patient in &logins.patients {
            let mut browser = Browser::new(&t, language);
            browser.sign_in(&t, "/login", &patient.email).await;
            walk(&mut browser, patient.stage, &["/patient", "/patient/request"], &mut seen).await;
        }
        let mut clinic = Browser::new(&t, language);
        clinic.sign_in(&t, "/provider/login", &format!("owner@{}.example", logins.clinic.0)).await;
        walk(&mut clinic, "clinic", &["/provider"], &mut seen).await;
        let mut partner = Browser::new(&t, language);
        partner.sign_in(&t, "/affiliate/login", "ada@partners.example").await;
        walk(&mut partner, "affiliate", &["/affiliate", "/affiliate/account"], &mut seen).await;
        let mut admin = Browser::new(&t, language);
        admin.sign_in(&t, "/admin/login", "admin@hairline.example").await;
        walk(&mut admin, "admin", &["/admin"], &mut seen).await;
    }
    println!("{} pages, {} templates", seen.pages, seen.templates.len());
    let mut faults: Vec<String> = missing.0.lock().unwrap().iter().map(|word| format!("no text: {word}")).collect();
    faults.extend(seen.faults);
    let rendered: BTreeSet<String> = seen
        .templates
        .iter()
        .map(|name| name.split('<').next().unwrap().rsplit("::").next().unwrap().to_owned())
        .collect();
    let unseen =
        page_structs().into_iter().filter(|name| !rendered.contains(name) && !BY_FORM.contains(&name.as_str()));
    faults.extend(unseen.map(|name| format!("nobody saw {name}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
