//! Every page of the walk as those who may not: a stranger, an account of another portal, a role without any permission,
//! the owner of something else. There is no list of exceptions: pages outside the portals are public, and what the
//! navigation offers to every account of a portal is open to all of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use directory::seed::ClinicSpec;
use identity::auth::Carrier;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use identity::service::sessions::{self, Holder};
use kernel::ids::AnyId;
use kernel::{Actor, Guard, Timestamp};
use platform::locale::Locale;
use sea_orm::ConnectionTrait;
use testkit::{Reply, TestApp};
use ui::{Chrome, Portal};

use super::browser::{Browser, links};
use super::demonstration;
use super::walk::{is_page, shape};

/// Pages of one shape that are tried.
const OF_ONE_SHAPE: usize = 2;

/// Every page of a portal that its own reader reaches.
async fn pages_of(browser: &mut Browser, portal: Portal) -> BTreeSet<String> {
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut known = BTreeSet::new();
    let mut found = BTreeSet::new();
    let mut queue = VecDeque::from([portal.home().to_owned()]);
    while let Some(href) = queue.pop_front() {
        let count = shapes.entry(shape(&href)).or_default();
        if Portal::of_path(&href) != portal || !known.insert(href.clone()) || *count >= OF_ONE_SHAPE {
            continue;
        }
        *count += 1;
        let reply = browser.open(&href).await;
        if reply.status == 200 {
            for link in links(&reply.text()).into_iter().filter(|link| is_page(link)) {
                let whole =
                    if link.starts_with('?') { format!("{}{link}", href.split('?').next().unwrap()) } else { link };
                queue.push_back(whole);
            }
            if !href.starts_with(portal.login()) {
                found.insert(href);
            }
        }
    }
    found
}

async fn signed_in(t: &TestApp, guard: Guard, id: AnyId) -> (Browser, Actor) {
    let policy = sessions::policy_of(&t.app, guard).await.unwrap();
    let nobody = Actor::anonymous();
    let tokens = platform::write_txn!(t.app.db, |txn| {
        sessions::open(txn, &t.app, &nobody, Holder { guard, id }, (policy, Carrier::Cookie), true, None).await
    });
    let token = tokens.unwrap().access_token;
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", format!("hairline_session={token}").parse().unwrap());
    let actor = identity::auth::resolve(&t.app, &headers).await.unwrap();
    let mut browser = Browser::new(t, "en");
    browser.remember("hairline_session", &token);
    (browser, actor)
}

/// Refused, or led to a sign-in.
fn is_shut(reply: &Reply, portal: Portal) -> bool {
    match reply.status.as_u16() {
        401 | 403 | 404 => true,
        303 => reply.headers["location"].to_str().unwrap().starts_with(portal.login()),
        _ => false,
    }
}

/// Whether the navigation offers the page to this account, who has no right at all.
fn is_offered(actor: &Actor, href: &str) -> bool {
    let path = href.split('?').next().unwrap();
    let chrome = Chrome::new(Locale::En, actor, path, String::new(), Timestamp::default());
    chrome.nav().iter().any(|item| item.current)
}

#[tokio::test]
async fn no_page_opens_for_those_who_may_not() {
    let (t, logins, _kept) = demonstration::begin().await;
    for guard in ["api", "provider"] {
        let statement = format!("INSERT INTO roles (name, guard_name) VALUES ('nothing', '{guard}')");
        t.conn().execute_unprepared(&statement).await.unwrap();
    }
    let spec = ClinicSpec::new("Danube Hair").in_city("Vienna", "AT", "Europe/Vienna");
    let other = directory::seed::clinic(&t.app, spec).await.unwrap();
    let spec = MemberSpec::new("nothing", "Nil", "Member", "nil@clinic.example");
    let member = identity::seed::clinic_user(&t.app, other.id(), spec).await.unwrap();
    let spec = AdminSpec { role: "nothing".to_owned(), ..AdminSpec::super_admin("nil@hairline.example") };
    let helper = identity::seed::admin(&t.app, spec).await.unwrap();
    let stranger = identity::seed::patient(&t.app, PatientSpec::new(&t.app, "Mark", "Stranger")).await.unwrap();

    let (mut patient, _) = signed_in(&t, Guard::Patient, stranger.id.any()).await;
    let (mut owner, _) = signed_in(&t, Guard::Provider, other.owner.any()).await;
    let (mut member, member_actor) = signed_in(&t, Guard::Provider, member.any()).await;
    let (mut helper, helper_actor) = signed_in(&t, Guard::Api, helper.any()).await;
    let mut nobody = Browser::new(&t, "en");

    let mut readers = Vec::new();
    for login in &logins.patients {
        readers.push(("/login", login.email.clone(), Portal::Patient));
    }
    readers.push(("/provider/login", format!("owner@{}.example", logins.clinic.0), Portal::Provider));
    readers.push(("/admin/login", "admin@hairline.example".to_owned(), Portal::Admin));
    let (mut faults, mut tried) = (BTreeMap::new(), 0);
    for (login, email, portal) in readers {
        let mut reader = Browser::new(&t, "en");
        reader.sign_in(&t, login, &email).await;
        for href in pages_of(&mut reader, portal).await {
            let mut who: Vec<(&str, &mut Browser)> = vec![("stranger", &mut nobody)];
            let owned = shape(&href).contains('*');
            match portal {
                Portal::Patient => {
                    who.push(("clinic", &mut owner));
                    who.push(("staff", &mut helper));
                    if owned {
                        who.push(("another patient", &mut patient));
                    }
                }
                Portal::Provider => {
                    who.push(("patient", &mut patient));
                    who.push(("staff", &mut helper));
                    if owned {
                        who.push(("another clinic", &mut owner));
                    }
                    if !is_offered(&member_actor, &href) {
                        who.push(("clinic without rights", &mut member));
                    }
                }
                _ => {
                    who.push(("patient", &mut patient));
                    who.push(("clinic", &mut owner));
                    if !is_offered(&helper_actor, &href) {
                        who.push(("staff without rights", &mut helper));
                    }
                }
            }
            for (name, browser) in who {
                tried += 1;
                let reply = browser.open(&href).await;
                if !is_shut(&reply, portal) {
                    let key = format!("{name}: {}", shape(&href));
                    let to = reply.headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
                    faults.insert(key, format!("{name}: {href} answers {} {to}", reply.status.as_u16()));
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
    let lines: Vec<String> = faults.into_values().collect();
    assert!(lines.is_empty(), "{} pages stand open:\n{}", lines.len(), lines.join("\n"));
}
