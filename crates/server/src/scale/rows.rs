//! The rows as text of statements: fast to make, and the same on both engines.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use inquiry::rules::alert::AlertLevel;
use kernel::ids::TreatmentId;
use platform::App;

use super::Scale;

/// Requests per patient, so that one of them at most is open.
const PER_PATIENT: u64 = 4;
/// Quotes per request.
pub(super) const QUOTES: u64 = 3;
/// Ledger entries of a booking that was paid at once and treated.
const ENTRIES: u64 = 5;
/// Patients come from these, clinics lie in the others.
const HOMES: [&str; 8] = ["GB", "DE", "FR", "NL", "IE", "SE", "US", "IT"];
const PLACES: [(&str, &str, &str); 6] = [
    ("Istanbul", "Türkiye", "TR"),
    ("Ankara", "Türkiye", "TR"),
    ("Warsaw", "Poland", "PL"),
    ("Madrid", "Spain", "ES"),
    ("Budapest", "Hungary", "HU"),
    ("Athens", "Greece", "GR"),
];
const FIRST: [&str; 10] = ["Ada", "Ben", "Cem", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "June"];
const LAST: [&str; 10] = ["Ash", "Berg", "Cole", "Dahl", "Eder", "Ford", "Gray", "Holt", "Ives", "Judd"];

/// What is written, in the order of the references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Clinics,
    Members,
    Prices,
    Patients,
    Inquiries,
    Histories,
    Preferences,
    Destinations,
    Assignments,
    Quotes,
    Clinicians,
    Timelines,
    Terms,
    Appointments,
    Payments,
    Entries,
}

impl Table {
    pub(super) const ALL: [Self; 16] = [
        Self::Clinics,
        Self::Members,
        Self::Prices,
        Self::Patients,
        Self::Inquiries,
        Self::Histories,
        Self::Preferences,
        Self::Destinations,
        Self::Assignments,
        Self::Quotes,
        Self::Clinicians,
        Self::Timelines,
        Self::Terms,
        Self::Appointments,
        Self::Payments,
        Self::Entries,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Clinics => "providers",
            Self::Members => "provider_users",
            Self::Prices => "provider_treatment_pricing",
            Self::Patients => "patients",
            Self::Inquiries => "inquiries",
            Self::Histories => "medical_histories",
            Self::Preferences => "location_preferences",
            Self::Destinations => "location_preferences_countries",
            Self::Assignments => "inquiry_providers",
            Self::Quotes => "quotes",
            Self::Clinicians => "quote_clinicians",
            Self::Timelines => "workflow_timelines",
            Self::Terms => "booking_terms",
            Self::Appointments => "schedules",
            Self::Payments => "payments",
            Self::Entries => "ledger_entries",
        }
    }

    /// How many rows a scale means.
    pub(super) fn many(self, scale: &Scale) -> u64 {
        match self {
            Self::Clinics | Self::Members => scale.clinics,
            Self::Prices => scale.clinics * 3,
            Self::Patients => scale.inquiries.div_ceil(PER_PATIENT),
            Self::Inquiries | Self::Histories | Self::Preferences | Self::Destinations | Self::Timelines => {
                scale.inquiries
            }
            Self::Terms | Self::Appointments | Self::Payments => scale.inquiries,
            Self::Entries => scale.inquiries * ENTRIES,
            Self::Assignments | Self::Quotes | Self::Clinicians => scale.inquiries * QUOTES,
        }
    }

    fn columns(self) -> &'static str {
        match self {
            Self::Clinics => {
                "id, provider_name, email, city, country, country_code, timezone, status, onboarding_stage, slug, \
                 rating_sum, rating_count, service_scope, medical_specialty, years_experience, is_featured, live_at, \
                 created_at, updated_at"
            }
            Self::Members => "id, provider_id, firstname, lastname, email, password, created_at, updated_at",
            Self::Prices => {
                "id, provider_id, treatment_id, base_price, price_per_graft, currency, status, created_at, updated_at"
            }
            Self::Patients => {
                "id, first_name, last_name, username, patient_code, email, password, birthday, gender, \
                 email_verified_at, status, country_code, created_at, updated_at"
            }
            Self::Inquiries => {
                "id, patient_id, problem, scan_url, treatment_schedule, problem_details, previous_treatments, \
                 duration_of_concern, symptom_severity, symptom_severity_score, inquiry_code, status, submitted_at, \
                 quote_deadline_at, terms_accepted_at, cancelled_at, created_at, updated_at"
            }
            Self::Histories => "id, inquiry_id, alert_level, alert_level_index, created_at, updated_at",
            Self::Preferences => "id, preference_type, inquiry_id, created_at, updated_at",
            Self::Destinations => "id, location_preference_id, country_code, role, position, created_at, updated_at",
            Self::Assignments => {
                "id, inquiry_id, provider_id, source, match_order, status, distributed_at, response_deadline_at, \
                 viewed_at, closed_at, closed_reason, created_at, updated_at"
            }
            Self::Quotes => {
                "id, inquiry_id, provider_id, treatment_id, treatment_date, commission, quote_amount, \
                 treatment_amount, commission_amount, currency, status, status_reason, quote_code, estimated_grafts, \
                 appointment_slot_at, appointment_timezone, submitted_at, accepted_at, cancelled_at, expires_at, \
                 created_at, updated_at"
            }
            Self::Clinicians => {
                "id, quote_id, provider_user_id, display_name, active_key, assigned_by_type, assigned_by_id, \
                 created_at, updated_at"
            }
            Self::Timelines => "id, inquiry_id, event, metadata, created_at, updated_at",
            Self::Terms => {
                "id, quote_id, version, booking_reference, list_amount, discount_amount, total_amount, quote_currency, \
                 payment_currency, locked_rate, payment_total, deposit_percent, deposit_amount, payment_option, \
                 hold_hours, cutoff_days, balance_due_days, refund_tiers, commission_type, commission_value, \
                 commission_base, commission_amount, policy_ack_at, terms_ack_at, locked_at, confirmed_at, \
                 created_by_type, created_at, updated_at"
            }
            Self::Appointments => {
                "id, quote_id, schedule_date, schedule_time, status, provider_id, day_count, duration_minutes, timezone, \
                 starts_at_utc, ends_at_utc, created_at, updated_at"
            }
            Self::Payments => {
                "id, quote_id, patient_id, provider_id, amount, currency, payment_type, payment_method, payment_status, \
                 stripe_payment_intent_id, metadata, is_installment, idempotency_key, paid_at, created_at, updated_at"
            }
            Self::Entries => {
                "id, transaction_id, source_key, line_no, account, currency, debit, credit, quote_id, payment_id, \
                 posted_at, created_at"
            }
        }
    }
}

/// What every row follows from.
pub(super) struct Plan {
    scale: Scale,
    treatments: Vec<String>,
    begin: DateTime<Utc>,
    /// Milliseconds between two requests.
    step: i64,
    now: DateTime<Utc>,
    /// Sealed word and index of each alert level.
    levels: [(String, String); 3],
}

/// How a request stands and what became of its quotes.
#[derive(Clone, Copy)]
struct Fate {
    stage: &'static str,
    /// Status and reason of the first quote, and of the others.
    first: (&'static str, &'static str),
    others: (&'static str, &'static str),
}

const fn fate(stage: &'static str, first: (&'static str, &'static str), others: (&'static str, &'static str)) -> Fate {
    Fate { stage, first, others }
}

/// Earlier requests of a patient are over.
const OVER: [Fate; 4] = [
    fate("completed", ("completed", ""), ("cancelled", "other_accepted")),
    fate("aftercare", ("aftercare", ""), ("cancelled", "other_accepted")),
    fate("cancelled", ("cancelled", "inquiry_cancelled"), ("cancelled", "inquiry_cancelled")),
    fate("completed", ("completed", ""), ("cancelled", "other_accepted")),
];

/// The last one may still run. A request at its first stage has drafts only.
const RUNNING: [Fate; 8] = [
    fate("inquiry", ("inquiry", ""), ("inquiry", "")),
    fate("quote", ("quote", ""), ("quote", "")),
    fate("quote", ("quote", ""), ("cancelled", "withdrawn")),
    fate("accepted", ("accepted", ""), ("cancelled", "other_accepted")),
    fate("confirmed", ("confirmed", ""), ("cancelled", "other_accepted")),
    fate("inprogress", ("inprogress", ""), ("cancelled", "other_accepted")),
    fate("expired", ("cancelled", "draft_lapsed"), ("cancelled", "draft_lapsed")),
    fate("completed", ("completed", ""), ("cancelled", "other_accepted")),
];

/// Spreads numbers without chance: the same scale gives the same rows.
fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn pick<T: Copy>(all: &[T], number: u64, fallback: T) -> T {
    let at = usize::try_from(number % (all.len().max(1) as u64)).unwrap_or_default();
    all.get(at).copied().unwrap_or(fallback)
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("'%Y-%m-%d %H:%M:%S'").to_string()
}

fn or_null(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "NULL".to_owned(), stamp)
}

fn cents(amount: u64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

fn text_or_null(text: &str) -> String {
    if text.is_empty() { "NULL".to_owned() } else { format!("'{text}'") }
}

impl Plan {
    pub(super) fn new(app: &App, scale: Scale, treatments: Vec<TreatmentId>) -> Self {
        let now = app.now();
        let span = Duration::days(3 * 365);
        let level = |level: AlertLevel| {
            let (sealed, index) = inquiry::seed::alert_level(app, level);
            (sealed, index)
        };
        Self {
            scale,
            treatments: treatments.into_iter().map(|id| id.to_string()).collect(),
            begin: now - span,
            step: (span.num_milliseconds() / i64::try_from(scale.inquiries.max(1)).unwrap_or(i64::MAX)).max(1),
            now,
            levels: [level(AlertLevel::None), level(AlertLevel::Standard), level(AlertLevel::Critical)],
        }
    }

    /// When a request was sent.
    fn sent(&self, inquiry: u64) -> DateTime<Utc> {
        let ahead = self.step.saturating_mul(i64::try_from(inquiry).unwrap_or_default());
        self.begin + Duration::milliseconds(ahead)
    }

    /// An id that sorts by its number, as ids made one after the other do.
    fn id(&self, table: Table, number: u64) -> String {
        let (at, tail) = match table {
            Table::Inquiries | Table::Histories | Table::Preferences | Table::Destinations | Table::Timelines => {
                (self.sent(number), number)
            }
            Table::Terms | Table::Appointments | Table::Payments => (self.sent(number), number),
            Table::Entries => (self.sent(number / ENTRIES), number),
            Table::Assignments | Table::Quotes | Table::Clinicians => (self.sent(number / QUOTES), number),
            _ => (self.begin, number),
        };
        let ms = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        let kind = table as u64;
        format!("{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}", ms >> 16, ms & 0xffff, kind, kind, tail)
    }

    fn patients(&self) -> u64 {
        Table::Patients.many(&self.scale)
    }

    fn fate(&self, inquiry: u64) -> Fate {
        let is_last = inquiry + self.patients() >= self.scale.inquiries;
        if is_last { pick(&RUNNING, mixed(inquiry), OVER[0]) } else { pick(&OVER, mixed(inquiry), OVER[0]) }
    }

    fn clinic_of(&self, quote: u64) -> u64 {
        // Three different clinics for a request, some busier than others.
        let (inquiry, place) = (quote / QUOTES, quote % QUOTES);
        let clinics = self.scale.asked.min(self.scale.clinics).max(QUOTES);
        let third = clinics / QUOTES;
        place * third + mixed(inquiry * 7 + place) % third.max(1)
    }

    /// Whether a row is left out.
    fn skipped(&self, table: Table, number: u64) -> bool {
        let paid =
            |inquiry: u64| matches!(self.fate(inquiry).first.0, "confirmed" | "inprogress" | "aftercare" | "completed");
        let treated = |inquiry: u64| matches!(self.fate(inquiry).first.0, "aftercare" | "completed");
        match table {
            // A booking that is accepted and not paid has its terms and its appointment.
            Table::Terms | Table::Appointments => return !paid(number) && self.fate(number).first.0 != "accepted",
            Table::Payments => return !paid(number),
            Table::Entries if number % ENTRIES < 2 => return !paid(number / ENTRIES),
            Table::Entries => return !treated(number / ENTRIES),
            _ => {}
        }
        // Those who would treat stand beside quotes that live or were booked.
        table == Table::Clinicians && {
            let fate = self.fate(number / QUOTES);
            let (status, _) = if number.is_multiple_of(QUOTES) { fate.first } else { fate.others };
            matches!(status, "cancelled" | "inquiry")
        }
    }

    /// The statement for some rows of a table; nothing when all of them are left out.
    pub(super) fn insert(&self, table: Table, from: u64, to: u64) -> Option<String> {
        let mut text = String::with_capacity(512 * usize::try_from(to - from).unwrap_or_default());
        let _ = write!(text, "INSERT INTO {} ({}) VALUES ", table.name(), table.columns());
        let mut any = false;
        for number in from..to {
            if self.skipped(table, number) {
                continue;
            }
            if any {
                text.push(',');
            }
            any = true;
            self.row(&mut text, table, number);
        }
        any.then_some(text)
    }

    fn row(&self, text: &mut String, table: Table, n: u64) {
        let id = self.id(table, n);
        let long_ago = stamp(self.begin);
        // A string takes every write.
        let _ = match table {
            Table::Clinics => {
                let (city, country, code) = pick(&PLACES, mixed(n), PLACES[0]);
                let (rated, scope) = (mixed(n ^ 5) % 200, pick(&["hair", "beard", "both"], mixed(n ^ 9), "both"));
                let sum = rated * (35 + mixed(n ^ 3) % 16) / 10;
                let (years, featured) = (mixed(n ^ 2) % 30 + 1, u64::from(n < 10));
                write!(
                    text,
                    "('{id}','Clinic {n}','clinic{n}@clinics.example','{city}','{country}','{code}','Europe/Istanbul',\
                     'active','live','clinic-{n}',{sum},{rated},'{scope}','Hair restoration',{years},{featured},\
                     {long_ago},{long_ago},{long_ago})"
                )
            }
            Table::Members => {
                let clinic = self.id(Table::Clinics, n);
                let (first, last) = (pick(&FIRST, mixed(n), "Ada"), pick(&LAST, mixed(n ^ 1), "Ash"));
                write!(
                    text,
                    "('{id}','{clinic}','{first}','{last}','doctor{n}@clinics.example','!',{long_ago},{long_ago})"
                )
            }
            Table::Prices => {
                let clinic = self.id(Table::Clinics, n / 3);
                let treatment = self.treatment(n % 3);
                let base = 1500 + mixed(n) % 2000;
                write!(text, "('{id}','{clinic}','{treatment}',{base}.00,1.50,'USD','offered',{long_ago},{long_ago})")
            }
            Table::Patients => {
                let (first, last) = (pick(&FIRST, mixed(n), "Ada"), pick(&LAST, mixed(n ^ 1), "Ash"));
                let last_one = n + self.patients() * (PER_PATIENT - 1);
                let status = if last_one < self.scale.inquiries { self.fate(last_one).stage } else { "completed" };
                let (home, year) = (pick(&HOMES, mixed(n ^ 4), "GB"), 1950 + mixed(n ^ 6) % 55);
                let gender = pick(&["male", "female"], n, "male");
                write!(
                    text,
                    "('{id}','{first}','{last}','patient{n}','PAT-{code:03}','patient{n}@example.com','!',\
                     '{year}-05-17','{gender}',{long_ago},'{status}','{home}',{long_ago},{long_ago})",
                    code = n + 1,
                )
            }
            Table::Inquiries => {
                let (at, fate) = (self.sent(n), self.fate(n));
                let patient = self.id(Table::Patients, n % self.patients().max(1));
                let (from, to) = ((at + Duration::days(45)).date_naive(), (at + Duration::days(60)).date_naive());
                let problem = pick(&["hair_transplant", "beard_transplant", "both"], mixed(n ^ 8), "both");
                let (score, cancelled) = (mixed(n ^ 2) % 10 + 1, (fate.stage == "cancelled").then_some(at));
                let severity = if score <= 3 {
                    "mild"
                } else if score <= 7 {
                    "moderate"
                } else {
                    "severe"
                };
                let (sent, deadline) = (stamp(at), stamp(at + Duration::hours(72)));
                write!(
                    text,
                    "('{id}','{patient}','{problem}','inquiries/{id}/scan','[{{\"start\":\"{from}\",\"end\":\"{to}\"}}]',\
                     'Thinning at the crown since some years.','none','1_3y','{severity}',{score},'HPID-S{n:07}',\
                     '{stage}',{sent},{deadline},{sent},{cancelled},{sent},{sent})",
                    stage = fate.stage,
                    cancelled = or_null(cancelled),
                )
            }
            Table::Histories => {
                let at = stamp(self.sent(n));
                let inquiry = self.id(Table::Inquiries, n);
                let level = self.levels.get(usize::try_from(mixed(n ^ 11) % 3).unwrap_or_default());
                let (sealed, index) = level.map_or(("", ""), |(sealed, index)| (sealed.as_str(), index.as_str()));
                write!(text, "('{id}','{inquiry}','{sealed}','{index}',{at},{at})")
            }
            Table::Preferences => {
                let (at, inquiry) = (stamp(self.sent(n)), self.id(Table::Inquiries, n));
                write!(text, "('{id}','inquiry','{inquiry}',{at},{at})")
            }
            Table::Destinations => {
                let (at, list) = (stamp(self.sent(n)), self.id(Table::Preferences, n));
                let (_, _, code) = pick(&PLACES, mixed(n ^ 13), PLACES[0]);
                write!(text, "('{id}','{list}','{code}','destination',1,{at},{at})")
            }
            Table::Assignments => self.assignment(text, &id, n),
            Table::Quotes => self.quote(text, &id, n),
            Table::Clinicians => {
                let (at, quote) = (stamp(self.sent(n / QUOTES)), self.id(Table::Quotes, n));
                let member = self.id(Table::Members, self.clinic_of(n));
                write!(
                    text,
                    "('{id}','{quote}','{member}','Dr. Ada Ash','C:{quote}','ProviderUser','{member}',{at},{at})"
                )
            }
            Table::Timelines => {
                let (at, inquiry) = (stamp(self.sent(n)), self.id(Table::Inquiries, n));
                write!(text, "('{id}','{inquiry}','inquiry_created','{{\"actor_type\":\"Patient\"}}',{at},{at})")
            }
            Table::Terms => self.terms(text, &id, n),
            Table::Appointments => {
                let (booked, slot) = (stamp(self.sent(n) + Duration::hours(15)), self.slot(n * QUOTES));
                let quote = self.id(Table::Quotes, n * QUOTES);
                let status = if self.fate(n).first.0 == "accepted" { "pending" } else { "confirmed" };
                write!(
                    text,
                    "('{id}','{quote}','{day}','{time}','{status}','{clinic}',1,480,'Europe/Istanbul',{from},{to},\
                     {booked},{booked})",
                    day = (slot + Duration::hours(3)).date_naive(),
                    time = (slot + Duration::hours(3)).format("%H:%M:%S"),
                    clinic = self.id(Table::Clinics, self.clinic_of(n * QUOTES)),
                    from = stamp(slot),
                    to = stamp(slot + Duration::hours(8)),
                )
            }
            Table::Payments => {
                let paid = stamp(self.sent(n) + Duration::hours(16));
                let quote = self.id(Table::Quotes, n * QUOTES);
                write!(
                    text,
                    "('{id}','{quote}','{patient}','{clinic}',{amount}.00,'USD','final','card','completed','pi_scale_{n}',\
                     '{{\"full_payment\":true,\"gateway_status\":\"succeeded\"}}',FALSE,'pay:{id}',{paid},{paid},{paid})",
                    patient = self.id(Table::Patients, n % self.patients().max(1)),
                    clinic = self.id(Table::Clinics, self.clinic_of(n * QUOTES)),
                    amount = self.price(n * QUOTES),
                )
            }
            Table::Entries => self.entry(text, &id, n),
        };
    }

    fn treatment(&self, number: u64) -> &str {
        let at = usize::try_from(number % (self.treatments.len().max(1) as u64)).unwrap_or_default();
        self.treatments.get(at).map_or("", String::as_str)
    }

    fn assignment(&self, text: &mut String, id: &str, n: u64) -> std::fmt::Result {
        let (inquiry, place) = (n / QUOTES, n % QUOTES);
        let (at, fate) = (self.sent(inquiry), self.fate(inquiry));
        let clinic = self.id(Table::Clinics, self.clinic_of(n));
        let status = match fate.stage {
            "inquiry" => pick(&["distributed", "viewed"], mixed(n), "viewed"),
            "expired" => "lapsed",
            "cancelled" => "closed",
            "quote" => "quoted",
            _ if place == 0 => "quoted",
            _ => "closed",
        };
        let closed = matches!(status, "closed" | "lapsed").then_some(at + Duration::days(4));
        let reason = match (status, fate.stage) {
            ("closed", "cancelled") => "inquiry_cancelled",
            ("closed", _) => "other_accepted",
            _ => "",
        };
        let viewed = (status != "distributed").then_some(at + Duration::hours(2));
        write!(
            text,
            "('{id}','{inquiry}','{clinic}','matched',{order},'{status}',{sent},{deadline},{viewed},{closed},{reason},\
             {sent},{sent})",
            inquiry = self.id(Table::Inquiries, inquiry),
            order = place + 1,
            sent = stamp(at),
            deadline = stamp(at + Duration::hours(72)),
            viewed = or_null(viewed),
            closed = or_null(closed),
            reason = text_or_null(reason),
        )
    }

    /// When the patient of a quote would come.
    fn slot(&self, quote: u64) -> DateTime<Utc> {
        let quarter = i64::try_from(quote % 32).unwrap_or_default();
        self.sent(quote / QUOTES) + Duration::days(50) + Duration::minutes(15 * quarter)
    }

    /// What a quote asks for, in whole dollars.
    fn price(&self, quote: u64) -> u64 {
        3500 + mixed(quote) % 2500
    }

    fn terms(&self, text: &mut String, id: &str, n: u64) -> std::fmt::Result {
        let accepted = stamp(self.sent(n) + Duration::hours(15));
        let amount = self.price(n * QUOTES);
        let is_paid = self.fate(n).first.0 != "accepted";
        let confirmed = or_null(is_paid.then(|| self.sent(n) + Duration::hours(16)));
        let fee = if is_paid {
            format!("'percentage',20,{amount}.00,{}", cents(amount * 20))
        } else {
            "NULL,NULL,NULL,NULL".to_owned()
        };
        write!(
            text,
            "('{id}','{quote}',1,'BKG-S-{n:07}',{amount}.00,0,{amount}.00,'USD','USD',1,{amount}.00,25.0,{deposit},'full',\
             48,30,7,'[{{\"from_days\":31,\"percent\":\"90\"}},{{\"from_days\":15,\"percent\":\"50\"}},\
             {{\"from_days\":0,\"percent\":\"0\"}}]',{fee},{accepted},{accepted},{accepted},{confirmed},'Patient',\
             {accepted},{accepted})",
            quote = self.id(Table::Quotes, n * QUOTES),
            deposit = cents(amount * 25),
        )
    }

    /// What arrived, and how it was shared when the treatment ended.
    fn entry(&self, text: &mut String, id: &str, n: u64) -> std::fmt::Result {
        let (booking, place) = (n / ENTRIES, n % ENTRIES);
        let (quote, payment) = (self.id(Table::Quotes, booking * QUOTES), self.id(Table::Payments, booking));
        let whole = self.price(booking * QUOTES) * 100;
        let fee = whole / 5;
        let (key, line, of, at) = match place {
            0 | 1 => (format!("payment:{payment}:completed"), place + 1, format!("'{payment}'"), Duration::hours(16)),
            _ => (format!("booking:{quote}:treated"), place - 1, "NULL".to_owned(), Duration::days(51)),
        };
        let (account, debit, credit) = match place {
            0 => ("cash", whole, 0),
            1 => ("customer_funds", 0, whole),
            2 => ("customer_funds", whole, 0),
            3 => ("provider_payable", 0, whole - fee),
            _ => ("platform_revenue", 0, fee),
        };
        let posting = self.id(Table::Entries, booking * ENTRIES + if place < 2 { 0 } else { 2 });
        let at = stamp(self.sent(booking) + at);
        write!(
            text,
            "('{id}','{posting}','{key}',{line},'{account}','USD',{debit},{credit},'{quote}',{of},{at},{at})",
            debit = cents(debit),
            credit = cents(credit),
        )
    }

    fn quote(&self, text: &mut String, id: &str, n: u64) -> std::fmt::Result {
        let (inquiry, place) = (n / QUOTES, n % QUOTES);
        let (sent, fate) = (self.sent(inquiry), self.fate(inquiry));
        let (status, reason) = if place == 0 { fate.first } else { fate.others };
        let clinic = self.id(Table::Clinics, self.clinic_of(n));
        let at = sent + Duration::hours(5 + i64::try_from(place).unwrap_or_default());
        let draft = status == "inquiry";
        // A live quote of an old request would have expired; the newest ones live on.
        let expires = if status == "quote" { self.now + Duration::hours(40) } else { at + Duration::hours(48) };
        let booked = matches!(status, "accepted" | "confirmed" | "inprogress" | "aftercare" | "completed");
        let (slot, amount) = (self.slot(n), self.price(n));
        let grafts = amount - 2000;
        write!(
            text,
            "('{id}','{inquiry}','{clinic}','{treatment}','[{{\"date\":\"{day}\",\"price\":\"{amount}.00\"}}]',20,\
             {amount}.00,{amount}.00,{commission},'USD','{status}',{reason},'HPID-S{inquiry_no:07}-Q{no:02}',{grafts},\
             {slot},'Europe/Istanbul',{submitted},{accepted},{cancelled},{expires},{created},{created})",
            inquiry = self.id(Table::Inquiries, inquiry),
            treatment = self.treatment(n % 3),
            day = slot.date_naive(),
            commission = cents(amount * 20),
            reason = text_or_null(reason),
            inquiry_no = inquiry,
            no = place + 1,
            slot = stamp(slot),
            submitted = or_null((!draft).then_some(at)),
            accepted = or_null(booked.then_some(at + Duration::hours(10))),
            cancelled = or_null((status == "cancelled").then_some(at + Duration::hours(12))),
            expires = or_null((!draft).then_some(expires)),
            created = stamp(at),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_and_always_the_same() {
        let hits = (0..1000).filter(|n| mixed(*n).is_multiple_of(10)).count();
        assert!((70..130).contains(&hits), "{hits}");
        assert_eq!(mixed(7), mixed(7));
    }
}
