//! One's own account in every portal: who I am, how I sign in, where I am signed in.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::AuthSessionId;
use kernel::{AppError, AppResult, CursorQuery, ErrorKind, Guard, Sealed};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Portal, Posted, PostedFiles, Tone, encode, page};

use super::confirm;
use super::forgot::raw;
use super::login::{RecoveryCodesPage, SetUpPage, factor_of};
use super::qr;
use super::team::{ActivityLine, activity_line};
use crate::service::devices::{self, SessionView};
use crate::service::mfa::{self, Enroller, Enrolment};
use crate::service::passwords::{self, Change};
use crate::service::profile::{AffiliateProfile, Me, ProfileChange, edit_me, show_me};
use crate::service::sessions::Carrier;
use crate::service::staff_profile::{self, StaffChange};
use crate::service::team::activity;
use crate::service::{email_change, image, mfa_off, recovery_codes};

/// One place where somebody is signed in.
pub(super) struct DeviceLine {
    pub id: AuthSessionId,
    pub name: String,
    pub place: String,
    pub at: Html,
    pub is_current: bool,
}

/// How the authenticator app stands.
struct MfaView {
    state: Badge,
    is_on: bool,
    may_remove: bool,
    codes_left: i64,
}

/// What the page shows, whatever portal surrounds it.
struct Account {
    base: &'static str,
    name: String,
    email: String,
    image: Option<String>,
    is_patient: bool,
    has_title: bool,
    about: Form,
    portrait: Form,
    address: Form,
    password: Form,
    mfa: Option<MfaView>,
    devices: Vec<DeviceLine>,
}

#[derive(Template)]
#[template(path = "account_patient.html")]
struct PatientAccountPage {
    chrome: Chrome,
    account: Account,
}

#[derive(Template)]
#[template(path = "account_provider.html")]
struct ClinicAccountPage {
    chrome: Chrome,
    account: Account,
}

#[derive(Template)]
#[template(path = "account_admin.html")]
struct StaffAccountPage {
    chrome: Chrome,
    account: Account,
}

#[derive(Template)]
#[template(path = "account_affiliate.html")]
struct AffiliateAccountPage {
    chrome: Chrome,
    account: Account,
    facts: Vec<(String, String)>,
    /// Suspended or gone: there is nothing to change but the password.
    read_only: bool,
}

#[derive(Template)]
#[template(path = "account_activity_provider.html")]
struct ClinicActivityPage {
    chrome: Chrome,
    lines: Vec<ActivityLine>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "account_activity_admin.html")]
struct StaffActivityPage {
    chrome: Chrome,
    lines: Vec<ActivityLine>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "account_email.html")]
struct EmailCodePage {
    chrome: Chrome,
    base: &'static str,
    form: Form,
    /// Where the code went, and the same sealed, as the address of this page carries it.
    address: String,
    to: String,
    /// When the next code may be asked for.
    wait: Html,
}

#[derive(Template)]
#[template(path = "account_mfa_off.html")]
struct MfaOffPage {
    chrome: Chrome,
    base: &'static str,
    form: Form,
}

/// Which of the page's forms was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    About,
    Portrait,
    Address,
    Password,
}

fn base(ctx: &Ctx) -> &'static str {
    match ctx.chrome.portal {
        Portal::Provider => "/provider/account",
        Portal::Admin => "/admin/account",
        Portal::Affiliate => "/affiliate/account",
        _ => "/patient/security",
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    account_page(&ctx, None).await
}

/// The page behind the addresses of its forms.
pub(super) async fn back(Inside(ctx): Inside) -> Response {
    Redirect::to(base(&ctx)).into_response()
}

fn about_form(ctx: &Ctx, me: &Me) -> Form {
    let form = Form::new(&ctx.chrome);
    match &me.patient {
        Some(own) => form.with("username", &own.username),
        None => form
            .with("first_name", &me.first_name)
            .with("last_name", &me.last_name)
            .with_some("title", me.title.clone())
            .with_some("phone_number", me.phone_number.clone()),
    }
}

async fn account_page(ctx: &Ctx, refused: Option<(Part, Form)>) -> ApiResult<Response> {
    let me = show_me(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    let mut forms = [about_form(ctx, &me), Form::new(&chrome), Form::new(&chrome), Form::new(&chrome)];
    if let Some((part, form)) = refused
        && let Some(place) = forms.get_mut(part as usize)
    {
        *place = form;
    }
    let [about, portrait, address, password] = forms;
    let affiliate = me.affiliate.clone();
    let account = Account {
        base: base(ctx),
        name: format!("{} {}", me.first_name, me.last_name).trim_end().to_owned(),
        is_patient: me.patient.is_some(),
        has_title: me.guard == Guard::Provider,
        email: me.email,
        image: me.image_url,
        about,
        portrait,
        address,
        password,
        mfa: mfa_view(ctx, me.guard).await?,
        devices: devices::list(&ctx.app, &ctx.actor).await?.into_iter().map(|it| device_line(&chrome, it)).collect(),
    };
    match chrome.portal {
        Portal::Affiliate => page(&AffiliateAccountPage {
            facts: facts_of(&chrome, affiliate.as_ref(), &account),
            read_only: affiliate.is_none_or(|own| !own.may_change),
            account,
            chrome,
        }),
        Portal::Provider => page(&ClinicAccountPage { chrome, account }),
        Portal::Admin => page(&StaffAccountPage { chrome, account }),
        _ => page(&PatientAccountPage { chrome, account }),
    }
}

/// What an affiliate reads and its manager keeps.
fn facts_of(chrome: &Chrome, own: Option<&AffiliateProfile>, account: &Account) -> Vec<(String, String)> {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let pairs = [
        ("affiliate-name", account.name.clone()),
        ("signup-email", account.email.clone()),
        ("affiliate-company", text(own.and_then(|own| own.company.as_ref()))),
        ("affiliate-code", text(own.and_then(|own| own.code.as_ref()))),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (chrome.t(key), value)).collect()
}

async fn mfa_view(ctx: &Ctx, guard: Guard) -> AppResult<Option<MfaView>> {
    let Some(status) = mfa::status(&ctx.app, &ctx.actor).await? else { return Ok(None) };
    let chrome = &ctx.chrome;
    let state = match status.is_on {
        true => Badge::new(Tone::Good, chrome.t("account-mfa-on")),
        false => Badge::new(Tone::Warn, chrome.t("account-mfa-none")),
    };
    let enforced = crate::service::login::mfa_enforced(&ctx.app, guard).await?;
    Ok(Some(MfaView {
        state,
        is_on: status.is_on,
        may_remove: status.is_on && !enforced,
        codes_left: i64::try_from(status.codes_left).unwrap_or_default(),
    }))
}

pub(super) fn device_line(chrome: &Chrome, found: SessionView) -> DeviceLine {
    let name = match (found.program, found.system) {
        (Some(program), Some(system)) => format!("{program} · {system}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => found.device.unwrap_or_else(|| chrome.t("account-device-unknown")),
    };
    let place = found.ip_address.unwrap_or_default();
    DeviceLine { id: found.id, name, place, at: chrome.when(found.last_activity_at), is_current: found.is_current }
}

async fn refuse(ctx: &Ctx, part: Part, form: Form, error: AppError) -> ApiResult<Response> {
    if error.kind == ErrorKind::Internal {
        return Err(error.into());
    }
    let status = status_of(error.kind);
    let mut response = account_page(ctx, Some((part, form.refused(&error)))).await?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn save_about(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let text = |name: &str| Some(posted.get(name).to_owned());
    let saved = if ctx.actor.guard() == Some(Guard::Patient) {
        let change = ProfileChange { username: text("username"), ..ProfileChange::default() };
        edit_me(&ctx.app, &ctx.actor, change).await
    } else {
        let title = (ctx.actor.guard() == Some(Guard::Provider)).then(|| posted.get("title").to_owned());
        let is_affiliate = ctx.actor.guard() == Some(Guard::Affiliate);
        let change = StaffChange {
            first_name: text("first_name").filter(|_| !is_affiliate),
            last_name: text("last_name").filter(|_| !is_affiliate),
            title,
            phone_number: text("phone_number"),
        };
        staff_profile::edit(&ctx.app, &ctx.actor, change).await
    };
    match saved {
        Ok(_) => Ok(ctx.done(base(&ctx), "profile-saved")),
        Err(error) => {
            let form = Form::posted(&ctx.chrome, &posted);
            refuse(&ctx, Part::About, form, error).await
        }
    }
}

pub(super) async fn save_image(Inside(ctx): Inside, posted: PostedFiles) -> ApiResult<Response> {
    let put = match posted.file("image") {
        Some(file) => image::put(&ctx.app, &ctx.actor, &file.file_name, file.bytes.clone()).await,
        None => Err(AppError::field("image", "required", "Choose a picture.")),
    };
    match put {
        Ok(()) => Ok(ctx.done(base(&ctx), "image-saved")),
        Err(error) => {
            let form = Form::new(&ctx.chrome);
            refuse(&ctx, Part::Portrait, form, error).await
        }
    }
}

pub(super) async fn change_email(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(ask) = confirm::ask(&ctx, &posted, base(&ctx)).await? {
        return Ok(ask);
    }
    let email = posted.get("email").to_owned();
    match email_change::request(&ctx.app, &ctx.actor, &email, ctx.locale()).await {
        Ok(()) => Ok(Redirect::to(&email_code_path(&ctx, &email)).into_response()),
        Err(error) => {
            let form = Form::posted(&ctx.chrome, &posted);
            refuse(&ctx, Part::Address, form, error).await
        }
    }
}

pub(super) async fn show_email_code(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    let to = ctx.asked("to");
    email_code_page(&ctx, form, to).await
}

/// The page that asks for the code; whose address it is stands in no log.
fn email_code_path(ctx: &Ctx, email: &str) -> String {
    let sealed = ctx.app.keys.seal(&email.to_owned());
    format!("{}/email/code?to={}", base(ctx), encode(sealed.ciphertext()))
}

/// The address a code went to, as the page carries it.
fn address_of(ctx: &Ctx, to: &str) -> String {
    ctx.app.keys.open(&Sealed::<String>::from_ciphertext(to)).unwrap_or_default()
}

async fn email_code_page(ctx: &Ctx, form: Form, to: String) -> ApiResult<Response> {
    let address = address_of(ctx, &to);
    let wait = if address.is_empty() { None } else { email_change::wait(&ctx.app, &ctx.actor, &address).await? };
    let wait = ctx.chrome.code_wait(wait);
    page(&EmailCodePage { base: base(ctx), chrome: ctx.chrome.clone(), form, address, to, wait })
}

/// Sends a new code to the same address.
pub(super) async fn resend_email_code(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(ask) = confirm::ask(&ctx, &posted, base(&ctx)).await? {
        return Ok(ask);
    }
    let to = posted.get("to").to_owned();
    let address = address_of(&ctx, &to);
    if address.is_empty() {
        return Ok(Redirect::to(base(&ctx)).into_response());
    }
    match email_change::request(&ctx.app, &ctx.actor, &address, ctx.locale()).await {
        Ok(()) => Ok(ctx.done(&email_code_path(&ctx, &address), "code-sent")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::new(&ctx.chrome).refused(&error);
            let mut response = email_code_page(&ctx, form, to).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn verify_email(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let code: String = posted.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    match email_change::verify(&ctx.app, &ctx.actor, &code, ctx.locale()).await {
        Ok(()) => Ok(ctx.done(base(&ctx), "email-changed")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let status = status_of(error.kind);
            let form = Form::posted(&ctx.chrome, &posted).refused(&error.on_field("code"));
            let mut response = email_code_page(&ctx, form, posted.get("to").to_owned()).await?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn change_password(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let code = posted.get("code");
    let ask = Change {
        current: raw(&posted, "current_password"),
        factor: (!code.is_empty()).then(|| factor_of(code)),
        password: raw(&posted, "password"),
        confirmation: raw(&posted, "password_confirmation"),
    };
    match passwords::change(&ctx.app, &ctx.actor, &ask).await {
        Ok(()) => Ok(ctx.done(base(&ctx), "password-changed")),
        Err(error) => {
            let error = if error.code == "proof_invalid" { error.on_field("current_password") } else { error };
            let form = Form::new(&ctx.chrome);
            refuse(&ctx, Part::Password, form, error).await
        }
    }
}

pub(super) async fn begin_mfa(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(ask) = confirm::ask(&ctx, &posted, base(&ctx)).await? {
        return Ok(ask);
    }
    mfa::enrol(&ctx.app, &ctx.actor, &Enroller::SignedIn).await?;
    Ok(Redirect::to(&format!("{}/mfa", base(&ctx))).into_response())
}

pub(super) async fn show_mfa(Inside(ctx): Inside) -> ApiResult<Response> {
    match mfa::pending(&ctx.app, &ctx.actor, &Enroller::SignedIn).await {
        Ok(enrolment) => {
            let form = Form::new(&ctx.chrome);
            set_up_page(&ctx, &enrolment, form)
        }
        // Too late, or nothing waits: the button is on the account's page.
        Err(error) if error.kind != ErrorKind::Internal => Ok(Redirect::to(base(&ctx)).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn set_up_page(ctx: &Ctx, enrolment: &Enrolment, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let qr = qr::svg(&enrolment.otpauth_uri, &chrome.t("login-set-up-qr"))?;
    let action = format!("{}/mfa", base(ctx));
    page(&SetUpPage { chrome, action, form, secret: enrolment.secret.clone(), qr })
}

pub(super) async fn confirm_mfa(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let code: String = posted.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    match mfa::confirm(&ctx.app, &ctx.actor, &Enroller::SignedIn, &code, (Carrier::Cookie, None)).await {
        Ok(done) => {
            let next = base(&ctx).to_owned();
            page(&RecoveryCodesPage { chrome: ctx.chrome, codes: done.recovery_codes, next })
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let Ok(enrolment) = mfa::pending(&ctx.app, &ctx.actor, &Enroller::SignedIn).await else {
                return Ok(Redirect::to(base(&ctx)).into_response());
            };
            let status = status_of(error.kind);
            let form = Form::posted(&ctx.chrome, &posted).refused(&error.on_field("code"));
            let mut response = set_up_page(&ctx, &enrolment, form)?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn new_codes(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(ask) = confirm::ask(&ctx, &posted, base(&ctx)).await? {
        return Ok(ask);
    }
    let codes = recovery_codes::make_new(&ctx.app, &ctx.actor).await?;
    let next = base(&ctx).to_owned();
    page(&RecoveryCodesPage { chrome: ctx.chrome, codes, next })
}

/// The proof first, on a page of its own: a code that served it cannot serve the removal too.
pub(super) async fn ask_mfa_off(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(ask) = confirm::ask(&ctx, &posted, base(&ctx)).await? {
        return Ok(ask);
    }
    let form = Form::new(&ctx.chrome);
    page(&MfaOffPage { base: base(&ctx), chrome: ctx.chrome, form })
}

pub(super) async fn mfa_off(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    match mfa_off::remove(&ctx.app, &ctx.actor, &factor_of(posted.get("code"))).await {
        Ok(()) => Ok(ctx.done(base(&ctx), "mfa-off")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let status = status_of(error.kind);
            let error = if error.code == "code_invalid" { error.on_field("code") } else { error };
            let form = Form::new(&ctx.chrome).refused(&error);
            let mut response = page(&MfaOffPage { base: base(&ctx), chrome: ctx.chrome, form })?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// What oneself did.
pub(super) async fn show_activity(Inside(ctx): Inside) -> ApiResult<Response> {
    let cursor = Some(ctx.asked("cursor")).filter(|cursor| !cursor.is_empty());
    let found = activity::own(&ctx.app, &ctx.actor, &CursorQuery { cursor, limit: Some(50) }).await?;
    let (base, chrome) = (base(&ctx), ctx.chrome);
    let older = found.meta.next_cursor.map(|cursor| format!("{base}/activity?cursor={cursor}"));
    let lines = found.data.into_iter().map(|row| activity_line(&chrome, row)).collect();
    match chrome.portal {
        Portal::Provider => page(&ClinicActivityPage { chrome, lines, older }),
        _ => page(&StaffActivityPage { chrome, lines, older }),
    }
}

pub(super) async fn end_session(
    Inside(ctx): Inside,
    Path(session): Path<AuthSessionId>,
    _: Posted,
) -> ApiResult<Response> {
    devices::end(&ctx.app, &ctx.actor, session).await?;
    Ok(ctx.done(base(&ctx), "device-signed-out"))
}

pub(super) async fn end_all(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    crate::auth::logout_all(&ctx.app, &ctx.actor).await?;
    let login = ctx.actor.guard().map_or("/login", |guard| Portal::of(guard).login());
    let mut response = ctx.done(login, "signed-out-everywhere");
    response.headers_mut().append(axum::http::header::SET_COOKIE, crate::auth::cleared_cookie());
    Ok(response)
}
