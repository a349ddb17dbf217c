//! Every route of the pages as those who may not: a stranger, an account of another portal, a role without any right, and
//! a form that does not come from one of our pages. The routes are read from the router itself, so a new one is tried
//! without being named here.
//!
//! There is no list of exceptions: pages outside the portals and those that let people in are public, and what the
//! navigation offers to every account of a portal is every account's own.

use std::collections::BTreeMap;

use identity::seed::PatientSpec;
use kernel::ids::AnyId;
use kernel::{Actor, Guard, Timestamp};
use platform::App;
use platform::locale::Locale;
use testkit::{Client, Reply, TestApp, both};
use ui::{Chrome, Portal};

use crate::doors::{powerless_accounts, session};
use crate::tab::{cookie_of, proof, root, tab};
use crate::world::World;

/// A page's address and what may be done there.
pub struct Route {
    pub path: String,
    pub reads: bool,
    pub writes: bool,
}

/// Every route of the site as the router shows itself: numbers with their methods, then numbers with their paths.
fn routes(app: &App) -> Vec<Route> {
    let shown = format!("{:?}", server::router(app));
    let (methods, paths) = shown.split_once("node: Node { paths: {").expect("a router shows its paths");
    let paths = paths.split_once("fallback_router").map_or(paths, |(own, _)| own);
    let number = |part: &str| part.split_once(')').and_then(|(number, _)| number.parse::<u64>().ok());
    let mut allowed: BTreeMap<u64, &str> = BTreeMap::new();
    for part in methods.split("RouteId(").skip(1) {
        let list = part.split_once("allow_header: Bytes(b\"").and_then(|(_, rest)| rest.split('"').next());
        if let (Some(id), Some(list)) = (number(part), list) {
            allowed.insert(id, list);
        }
    }
    let mut all = Vec::new();
    for part in paths.split("RouteId(").skip(1) {
        let Some(path) = part.split_once("): \"").and_then(|(_, rest)| rest.split('"').next()) else { continue };
        let Some(list) = number(part).and_then(|id| allowed.get(&id)) else { continue };
        let has = |method: &str| list.split(',').any(|one| one == method);
        all.push(Route { path: path.to_owned(), reads: has("GET"), writes: has("POST") });
    }
    all
}

/// What programs ask the OAuth server, with a client's secret or a token in place of cookies.
const PROGRAMS: [&str; 4] = ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/personal"];

/// The routes of pages: what machines ask stands beside them, without cookies.
pub fn pages(app: &App) -> Vec<Route> {
    let machines = ["/api/", "/assets/", "/health", "/metrics"];
    let is_one = |route: &Route, of: &[&str]| of.iter().any(|prefix| route.path.starts_with(prefix));
    routes(app).into_iter().filter(|route| !is_one(route, &machines) && !is_one(route, &PROGRAMS)).collect()
}

/// Whether a page lets people in, so that it is there for everybody.
fn lets_in(path: &str) -> bool {
    let (first, rest) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let ways = ["login", "forgot", "set-password", "dispute-email", "activate"];
    ["provider", "admin", "affiliate"].contains(&first)
        && rest.split('/').next().is_some_and(|word| ways.contains(&word))
}

fn is_public(path: &str) -> bool {
    Portal::of_path(path) == Portal::Public || lets_in(path)
}

/// Whether the navigation offers the page to an account of that kind who has no right at all: it is the account's own.
fn is_own(actor: &Actor, path: &str) -> bool {
    let chrome = Chrome::new(Locale::En, actor, path, String::new(), Timestamp::default());
    chrome.nav().iter().any(|item| item.current)
}

/// The path with its parameters filled: words where a page knows some, numbers where the page counts, and ids of nothing.
fn filled(path: &str) -> String {
    let nowhere = AnyId::new().to_string();
    let counts = path.starts_with("/admin/roles/");
    let part = |part: &str| match part {
        "{view}" => "front".to_owned(),
        "{kind}" => "marketing".to_owned(),
        "{day}" | "{failed_id}" | "{number}" => "1".to_owned(),
        "{id}" if counts => "1".to_owned(),
        part if part.starts_with('{') => nowhere.clone(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn leads_to(reply: &Reply) -> String {
    reply.headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned()
}

fn fault(who: &str, method: &str, path: &str, reply: &Reply) -> String {
    let body: String = reply.text().chars().filter(|c| !c.is_control()).take(120).collect();
    format!("{who}: {method} {path} answers {} {} {body}", reply.status.as_u16(), leads_to(reply))
}

/// A form with files says so; everything else is a plain one.
async fn send(client: &Client, path: &str, csrf: Option<&str>) -> Reply {
    let fields: Vec<(&str, &str)> = csrf.map(|csrf| ("_csrf", csrf)).into_iter().collect();
    let reply = client.form(path, &fields).await;
    if matches!(reply.status.as_u16(), 400 | 415) {
        return client.multipart(path, &fields, &[]).await;
    }
    reply
}

async fn nobody(world: &World) -> Client {
    tab(world, &[])
}

async fn signed_in(world: &World, guard: Guard, id: AnyId) -> (Client, Actor) {
    let cookie = cookie_of(world, guard, id).await;
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", format!("hairline_session={cookie}").parse().unwrap());
    let actor = identity::auth::resolve(&world.t.app, &headers).await.unwrap();
    (tab(world, &[("hairline_session", &cookie)]), actor)
}

both! {
    async fn the_router_shows_every_page(t: TestApp) {
        let pages = pages(&t.app);
        let of = |portal: Portal| pages.iter().filter(|route| Portal::of_path(&route.path) == portal).count();
        for (portal, least) in [(Portal::Public, 10), (Portal::Patient, 20), (Portal::Provider, 40), (Portal::Admin, 50)] {
            assert!(of(portal) >= least, "{portal:?}: {}", of(portal));
        }
        let team = pages.iter().find(|route| route.path == "/provider/team/invite").expect("a page everybody knows");
        assert!(team.reads && team.writes);
        assert!(pages.iter().all(|route| route.reads || route.writes));
    }

    async fn r_id_45_what_programs_ask_opens_to_nobody_without_a_client(t: TestApp) {
        let world = World::new(t).await;
        let patient = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "Mark", "Stranger")).await.unwrap();
        let (member, helper) = powerless_accounts(&world).await;
        let everybody = [
            ("stranger", world.http.clone()),
            ("patient", session(&world, Guard::Patient, patient.id.any()).await),
            ("clinic without rights", session(&world, Guard::Provider, member).await),
            ("staff without rights", session(&world, Guard::Api, helper).await),
            ("affiliate", session(&world, Guard::Affiliate, world.affiliate().await.any()).await),
        ];
        let asked: Vec<Route> = routes(&world.t.app)
            .into_iter()
            .filter(|route| PROGRAMS.iter().any(|prefix| route.path.starts_with(prefix)))
            .collect();
        assert!(asked.len() >= PROGRAMS.len());
        for route in asked {
            let path = filled(&route.path);
            for (who, client) in &everybody {
                let own = route.path.starts_with("/oauth/personal") && !["stranger", "patient", "affiliate"].contains(who);
                if route.reads && !own {
                    let reply = client.get(&path).await;
                    assert!(matches!(reply.status.as_u16(), 401 | 403), "{}", fault(who, "GET", &path, &reply));
                }
                if route.writes {
                    let reply = client.form(&path, &[("token", "of somebody else"), ("grant_type", "client_credentials")]).await;
                    let is_shut = reply.status.is_client_error() && !reply.text().contains("access_token");
                    assert!(is_shut, "{}", fault(who, "POST", &path, &reply));
                    if *who == "stranger" {
                        assert!(matches!(reply.status.as_u16(), 400 | 401 | 415), "{}", fault(who, "POST", &path, &reply));
                    }
                }
            }
        }
    }

    async fn r_id_44_no_page_and_no_form_opens_to_those_who_may_not(t: TestApp) {
        let world = World::new(t).await;
        let (member, helper) = powerless_accounts(&world).await;
        let patient = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "Mark", "Stranger")).await.unwrap();
        let (patient, _) = signed_in(&world, Guard::Patient, patient.id.any()).await;
        let (owner, _) = signed_in(&world, Guard::Provider, world.clinics[0].clinic.owner.any()).await;
        let (chief, _) = signed_in(&world, Guard::Api, root(&world).await.any()).await;
        let (affiliate, _) = signed_in(&world, Guard::Affiliate, world.affiliate().await.any()).await;
        let (member, member_actor) = signed_in(&world, Guard::Provider, member).await;
        let (helper, helper_actor) = signed_in(&world, Guard::Api, helper).await;
        let stranger = nobody(&world).await;
        let csrf = proof(&world.t).0;
        let mut faults = Vec::new();
        for route in pages(&world.t.app).iter().filter(|route| !is_public(&route.path)) {
            let portal = Portal::of_path(&route.path);
            let path = filled(&route.path);
            let mut others: Vec<(&str, &Client)> = vec![("stranger", &stranger)];
            if portal != Portal::Patient {
                others.push(("patient", &patient));
            }
            if portal != Portal::Provider {
                others.push(("clinic", &owner));
            }
            if portal != Portal::Admin {
                others.push(("staff", &chief));
            }
            if portal != Portal::Affiliate {
                others.push(("affiliate", &affiliate));
            }
            for (who, client) in others {
                if route.reads {
                    let reply = client.get(&path).await;
                    if reply.status != 303 || !leads_to(&reply).starts_with(portal.login()) {
                        faults.push(fault(who, "GET", &route.path, &reply));
                    }
                }
                if route.writes {
                    // A form whose session is over comes back with the sign-in; one with files leads there.
                    let reply = send(client, &path, Some(&csrf)).await;
                    let led = reply.status == 303 && leads_to(&reply).starts_with(portal.login());
                    if reply.status != 401 && !led {
                        faults.push(fault(who, "POST", &route.path, &reply));
                    }
                }
            }
            let powerless = match portal {
                Portal::Provider if !is_own(&member_actor, &route.path) => Some(("clinic without rights", &member)),
                Portal::Admin if !is_own(&helper_actor, &route.path) => Some(("staff without rights", &helper)),
                _ => None,
            };
            if let Some((who, client)) = powerless {
                let shut = |reply: &Reply| matches!(reply.status.as_u16(), 403 | 404) && reply.text().starts_with("<!doctype html>");
                if route.reads {
                    let reply = client.get(&path).await;
                    if !shut(&reply) {
                        faults.push(fault(who, "GET", &route.path, &reply));
                    }
                }
                if route.writes {
                    let reply = send(client, &path, Some(&csrf)).await;
                    if !shut(&reply) {
                        faults.push(fault(who, "POST", &route.path, &reply));
                    }
                }
            }
        }
        assert!(faults.is_empty(), "{} pages stand open:\n{}", faults.len(), faults.join("\n"));
    }

    async fn no_form_counts_that_does_not_come_from_our_pages(t: TestApp) {
        let world = World::new(t).await;
        let patient = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "Mark", "Stranger")).await.unwrap();
        let (patient, _) = signed_in(&world, Guard::Patient, patient.id.any()).await;
        let (owner, _) = signed_in(&world, Guard::Provider, world.clinics[0].clinic.owner.any()).await;
        let (chief, _) = signed_in(&world, Guard::Api, root(&world).await.any()).await;
        let stranger = nobody(&world).await;
        let (mut faults, mut tried) = (Vec::new(), 0);
        for route in pages(&world.t.app).iter().filter(|route| route.writes) {
            let path = filled(&route.path);
            let own = match Portal::of_path(&route.path) {
                Portal::Patient => &patient,
                Portal::Provider => &owner,
                Portal::Admin => &chief,
                Portal::Public | Portal::Affiliate => &stranger,
            };
            for client in [own, &stranger] {
                for csrf in [None, Some("0000")] {
                    tried += 1;
                    let reply = send(client, &path, csrf).await;
                    let led = reply.status == 303 && leads_to(&reply).starts_with(Portal::of_path(&route.path).login());
                    let refused = reply.status == 403 && reply.text().contains("open too long");
                    if !refused && !led {
                        faults.push(fault("forged", "POST", &route.path, &reply));
                    }
                }
            }
        }
        assert!(tried > 300, "{tried}");
        assert!(faults.is_empty(), "{} forms can be forged:\n{}", faults.len(), faults.join("\n"));
    }
}
