//! The doors of the house as somebody finds them: signing in everywhere, setting up the second factor, letting a program
//! in, and what an account shows of itself.

use identity::rules::totp;
use identity::seed::{AdminSpec, Hashed};
use kernel::ids::AffiliateId;
use sea_orm::ConnectionTrait;
use server::demo::PASSWORD;

use crate::people::sign_in;
use crate::see;
use crate::site::Site;
use crate::window::Window;

/// The code a second factor asks for, and the first day of somebody new: setting one up, and the codes for when it is lost.
pub async fn second_factor(window: &mut Window, site: &Site) {
    window.forget().await;
    let enter = async |window: &Window, portal: &str, login: &str| {
        window.go(&format!("{portal}/login")).await;
        window.write("login", login).await;
        window.write("password", PASSWORD).await;
        window.submit("/login").await;
    };
    enter(window, "/provider", &format!("owner@{}.example", site.logins.clinic.0)).await;
    window.one("main form[action$='/code'] [name='code']".to_owned()).await;
    window.see("clinic-login-code").await;

    let password = Hashed::of(&site.t.app, PASSWORD).await.unwrap();
    let spec = AdminSpec { password, ..AdminSpec::super_admin("new@hairline.example") };
    identity::seed::admin(&site.t.app, spec).await.unwrap();
    enter(window, "/admin", "new@hairline.example").await;
    window.one("main svg.qr".to_owned()).await;
    window.see("admin-set-up").await;
    let secret = window.words("main pre").await;
    let code = totp::code_at(secret.trim(), site.t.now()).unwrap();
    window.write("code", &code).await;
    window.submit("/set-up").await;
    window.one("main a.button[href^='/admin']".to_owned()).await;
    window.see("admin-recovery-codes").await;
}

/// Staff register a program, and a patient is asked whether it may act for them.
pub async fn program(window: &mut Window, site: &Site) {
    sign_in(window, site, "/admin", "admin@hairline.example").await;
    window.go("/admin/settings/clients/new").await;
    window.write("name", "Travel planner").await;
    window.choose("guard", "patient").await;
    window.write("redirect_uris", "https://app.example/back").await;
    window.choose("scopes", "read:profile").await;
    window.submit("/clients/new").await;
    window.one("main pre".to_owned()).await;
    window.see("admin-oauth-secret").await;
    let id = window.words("main pre").await.trim().to_owned();
    let of_it = format!("/admin/settings/clients/{id}");
    see(window, &[(&of_it, "admin-oauth-client")]).await;

    sign_in(window, site, "", &site.logins.patients[0].email).await;
    let ask = |client: &str| {
        format!(
            "/oauth/authorize?response_type=code&client_id={client}&redirect_uri=https%3A%2F%2Fapp.example%2Fback&scope=read%3Aprofile\
             &state=seen&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
        )
    };
    see(window, &[(&ask(&id), "oauth-consent"), (&ask("0"), "oauth-refused")]).await;
}

/// An affiliate signs in and looks at their own account.
pub async fn affiliate(window: &mut Window, site: &Site) {
    let id = AffiliateId::new();
    let row = format!(
        "INSERT INTO affiliates (id, affiliate_name, email, status, affiliate_code, commission_value) \
         VALUES ('{id}', 'Bo Journeys', 'bo@travels.example', 'active', 'HP-AFF-90002', 10)"
    );
    site.t.conn().execute_unprepared(&row).await.unwrap();
    let password = Hashed::of(&site.t.app, PASSWORD).await.unwrap();
    identity::seed::affiliate_login(&site.t.app, id, &password).await.unwrap();
    window.forget().await;
    window.go("/affiliate/login").await;
    window.see("affiliate-login").await;
    window.write("login", "bo@travels.example").await;
    window.write("password", PASSWORD).await;
    window.submit("/login").await;
    window.lands("/affiliate").await;
    see(
        window,
        &[
            ("/affiliate", "affiliate-home"),
            ("/affiliate/account", "affiliate-account"),
            ("/affiliate/account/preferences", "affiliate-preferences"),
        ],
    )
    .await;
}

/// Somebody new in a clinic's team: the owner's proof that it is them, the invitation, and what its link asks for.
pub async fn invitation(window: &mut Window, site: &Site) {
    sign_in(window, site, "/provider", &format!("owner@{}.example", site.logins.clinic.0)).await;
    // What is sensitive wants a proof that is younger than this.
    site.t.advance(std::time::Duration::from_secs(16 * 60));
    window.go("/provider/account/tokens").await;
    window.write("name", "Our calendar").await;
    window.submit("/tokens").await;
    window.one("main [name='confirm_password']".to_owned()).await;
    window.see("confirm-identity").await;

    window.go("/provider/team/invite").await;
    window.write("first_name", "Elif").await;
    window.write("last_name", "Demir").await;
    window.write("email", "elif.demir@clinics.example").await;
    window.choose("role", "provider_clinical").await;
    window.submit("/team/invite").await;
    window.lands("/provider/team/invitations").await;
    site.work().await;
    let token = site.mailed_token("elif.demir@clinics.example", "/invitation#").await;
    window.forget().await;
    window.go(&format!("/invitation#{token}")).await;
    window.one("main form[action='/invitation/accept'] [name='password']".to_owned()).await;
    window.see("invitation-set-up").await;
    window.write("phone_number", "+905320000000").await;
    window.write("password", "short").await;
    window.write("password_confirmation", "other").await;
    window.tick("terms_accepted").await;
    window.submit("/invitation/accept").await;
    window.one("#password-error".to_owned()).await;
    window.see("invitation-set-up-refused").await;
}
