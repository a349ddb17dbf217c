//! A text that waits for a yes, in a browser: told on every page, in the way of every form, and nothing typed is lost.

use content::entity::terms_and_conditions as documents;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::Upload;

use super::browser::{Browser, hidden};
use super::demonstration;

#[tokio::test]
async fn a_form_waits_for_the_terms_and_comes_back() {
    let (t, logins, _kept) = demonstration::begin().await;
    let mut staff = Browser::new(&t, "en");
    staff.sign_in(&t, "/admin/login", "admin@hairline.example").await;
    let row = documents::Entity::find()
        .filter(documents::Column::DocumentType.eq("terms"))
        .filter(documents::Column::Locale.eq("en"))
        .one(t.conn())
        .await
        .unwrap()
        .unwrap();
    let base = format!("/admin/legal-documents/{}", row.id);
    let page = staff.open(&base).await.assert_status(200).text();
    let csrf = hidden(&page, "_csrf");
    // The draft is written anew, and a day that is over cannot be chosen.
    let words = "What holds between us. ".repeat(15);
    let fields =
        [("title", "Terms"), ("change_summary", "All of it."), ("content", words.as_str()), ("is_material", "true")];
    staff.send(&base, &csrf, &fields).await.assert_status(303);
    let refused = staff.send(&format!("{base}/publish"), &csrf, &[("effective_on", "2020-01-01")]).await;
    assert!(refused.assert_status(422).text().contains("value=\"2020-01-01\""));
    let published = staff.send(&format!("{base}/publish"), &csrf, &[("effective_on", "")]).await.assert_status(303);
    assert_eq!(published.headers["location"], format!("{base}?done=legal-published"));
    assert!(staff.open("/legal/terms").await.assert_status(200).text().contains("What holds between us."));

    // A patient reads everything and is told.
    let mut patient = Browser::new(&t, "tr");
    patient.sign_in(&t, "/login", &logins.patients[3].email).await;
    let home = patient.open("/patient/profile").await.assert_status(200).text();
    assert!(
        home.contains("Metinlerimiz değişti") && home.contains("href=\"/patient/legal?next=/patient/profile\""),
        "{home}"
    );
    let csrf = hidden(&home, "_csrf");
    let typed = [("first_name", "Mark"), ("last_name", "Peterson"), ("location", "Köln & <b>Bonn</b>")];
    let led = patient.send("/patient/profile", &csrf, &typed).await.assert_status(403).text();
    assert!(led.contains("All of it.") || led.contains("İlk sürüm."), "{led}");
    assert!(!led.contains("Bonn"), "what was typed travels sealed");
    let (resume, id) = (hidden(&led, "resume"), hidden(&led, "document_id"));
    let untouched = patient.send("/patient/legal", &csrf, &[("resume", &resume), ("document_id", &id)]).await;
    let untouched = untouched.assert_status(422).text();
    assert_eq!(hidden(&untouched, "resume"), resume, "without the tick nothing happens, and nothing is lost");
    let yes = [("resume", resume.as_str()), ("document_id", id.as_str()), ("agree", "true")];
    let back = patient.send("/patient/legal", &csrf, &yes).await.assert_status(200).text();
    assert!(back.contains("action=\"/patient/profile\"") && back.contains("Köln &#38; &#60;b&#62;Bonn"), "{back}");
    patient.send("/patient/legal", &csrf, &yes).await.assert_status(200);
    let saved = patient.send("/patient/profile", &csrf, &typed).await;
    assert_ne!(saved.status, 403, "{}", saved.text());
    assert!(!patient.open("/patient/profile").await.text().contains("Metinlerimiz değişti"));
    let told = patient.open("/patient/legal").await.assert_status(200).text();
    assert!(told.contains("tarihinde kabul edildi"), "{told}");

    // A clinic comes back to its page; signing out and the account's security never wait; uploads lead there and back.
    let mut clinic = Browser::new(&t, "en");
    clinic.sign_in(&t, "/provider/login", &format!("owner@{}.example", logins.clinic.0)).await;
    let account = clinic.open("/provider/account").await.assert_status(200).text();
    let csrf = hidden(&account, "_csrf");
    let password = clinic.send("/provider/account/password", &csrf, &[("current_password", "wrong")]).await;
    assert_ne!(password.status, 403, "{}", password.text());
    let team = clinic.send("/provider/team/invite", &csrf, &[("email", "new@clinic.example")]).await.assert_status(403);
    assert!(team.text().contains("I have read these texts"));
    let page = clinic.open("/provider/account/legal?next=/provider/team").await.assert_status(200).text();
    assert!(!page.contains("Read and accept"), "the page itself does not lead to itself");
    let id = hidden(&page, "document_id");
    let yes = [("next", "/provider/team"), ("document_id", id.as_str()), ("agree", "true")];
    let back = clinic.send("/provider/account/legal", &csrf, &yes).await.assert_status(303);
    assert_eq!(back.headers["location"], "/provider/team?done=terms-agreed");
    let away = [("next", "https://evil.example"), ("document_id", id.as_str()), ("agree", "true")];
    assert_eq!(
        clinic.send("/provider/account/legal", &csrf, &away).await.headers["location"],
        "/provider?done=terms-agreed"
    );

    let mut other = Browser::new(&t, "en");
    other.sign_in(&t, "/login", &logins.patients[4].email).await;
    let upload =
        other.upload("/patient/request/photos/front", "/patient/request/photos", &[], &[Upload::jpeg(vec![1])]).await;
    assert_eq!(upload.assert_status(303).headers["location"], "/patient/legal?next=/patient/request/photos");
    let home = other.open("/patient").await.text();
    other.send("/logout", &hidden(&home, "_csrf"), &[]).await.assert_status(303);

    // Staff who have not agreed are stopped as well, and language staff changes take hold at once.
    let csrf = hidden(&staff.open("/admin/languages/new").await.assert_status(200).text(), "_csrf");
    let stopped = staff.send("/admin/languages/new", &csrf, &[("code", "de")]).await;
    assert!(stopped.assert_status(403).text().contains("I have read these texts"));
    let page = staff.open("/admin/account/legal").await.text();
    let (csrf, id) = (hidden(&page, "_csrf"), hidden(&page, "document_id"));
    staff.send("/admin/account/legal", &csrf, &[("document_id", &id), ("agree", "true")]).await.assert_status(303);
    let list = staff.open("/admin/languages").await.assert_status(200).text();
    let turkish = super::browser::links(&list);
    assert!(turkish.iter().any(|link| link.starts_with("/admin/languages/")), "{list}");
    let row = content::entity::languages::Entity::find()
        .filter(content::entity::languages::Column::Code.eq("tr"))
        .one(t.conn())
        .await
        .unwrap()
        .unwrap();
    let form = [
        ("name", "Turkish"),
        ("native_name", "Türkçe"),
        ("direction", "ltr"),
        ("fallback", "en"),
        ("status", "inactive"),
    ];
    staff.send(&format!("/admin/languages/{}", row.id), &csrf, &form).await.assert_status(303);
    let mut reader = Browser::new(&t, "tr");
    let home = reader.open("/").await.assert_status(200);
    assert!(
        home.text().contains("<html lang=\"en\"") && !home.text().contains("Türkçe"),
        "Turkish cannot be chosen any more"
    );
    let back = [("name", "Turkish"), ("native_name", ""), ("fallback", "tr"), ("status", "active")];
    let refused = staff.send(&format!("/admin/languages/{}", row.id), &csrf, &back).await.assert_status(422).text();
    assert!(refused.contains("aria-invalid"), "{refused}");
}
