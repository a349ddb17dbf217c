//! The team as its clinic sees it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::ids::{ProviderId, ProviderUserId};
use kernel::{Actor, AppResult, Guard, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::entity::{provider_team_members, provider_users, roles};
use crate::projection::providers;
use crate::rules::team::{Seats, rank};
use crate::service::team::{Member, live_member, seats_of};
use crate::work::Work;

/// A member as the clinic's people see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TeamMember {
    /// The member.
    pub id: ProviderUserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// `Dr.`, `Prof.`
    pub title: Option<String>,
    /// Address; none for a clinician without login who gave none.
    pub email: Option<String>,
    /// Role.
    #[schema(example = "provider_clinical")]
    pub role: String,
    /// Whether this is the owner, who cannot be changed here.
    pub is_owner: bool,
    /// Active or suspended.
    pub status: ProviderTeamMemberStatus,
    /// False for a clinician who is only named.
    pub can_login: bool,
    /// Department.
    pub department: Option<String>,
    /// Since when.
    pub joined_at: DateTime<Utc>,
    /// Seen last.
    pub last_active_at: Option<DateTime<Utc>>,
    /// Open pieces of work with this member's name on them.
    pub workload: u64,
    /// Send it back with a change.
    pub version: i32,
}

/// Open work of one kind.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OpenWork {
    /// The kind: `draft_quotes`.
    #[schema(example = "draft_quotes")]
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// What somebody must hold to take it over.
    #[schema(example = "create_quote")]
    pub needs: &'static str,
}

/// A member with the work that has their name on it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MemberDetail {
    /// The member.
    pub member: TeamMember,
    /// Why suspended, and since when.
    pub suspension_reason: Option<String>,
    /// Since when suspended.
    pub suspended_at: Option<DateTime<Utc>>,
    /// The role that is planned, where one is.
    pub planned_role: Option<String>,
    /// From when on the planned role holds.
    pub planned_from: Option<DateTime<Utc>>,
    /// Open work by kind.
    pub work: Vec<OpenWork>,
}

/// What narrows a team's list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TeamFilter {
    /// In names and addresses.
    pub q: Option<String>,
    /// Only this role.
    pub role: Option<String>,
    /// Only these.
    pub status: Option<ProviderTeamMemberStatus>,
}

/// A team with its seats.
#[derive(Clone, Debug)]
pub struct Team {
    /// The members asked for: the owner first, then by role and name.
    pub members: Page<TeamMember>,
    /// The clinic's seats.
    pub seats: Seats,
    /// Members in all.
    pub size: u64,
}

fn view(member: &Member, workload: u64) -> TeamMember {
    let Member { row, user, role } = member;
    TeamMember {
        id: user.id,
        first_name: user.firstname.clone(),
        last_name: user.lastname.clone(),
        title: user.title.clone(),
        email: shown_email(&user.email),
        role: role.clone(),
        is_owner: row.is_owner,
        status: row.status,
        can_login: user.can_login,
        department: row.department.clone(),
        joined_at: row.joined_at,
        last_active_at: row.last_active_at,
        workload,
        version: row.version,
    }
}

/// The address, unless it only holds a place.
pub(crate) fn shown_email(email: &str) -> Option<String> {
    let placeholder = email.ends_with("@staff.invalid") || email.ends_with("@removed.invalid");
    (!placeholder).then(|| email.to_owned())
}

/// Every member of a clinic who was not removed, in the order of the list.
pub(crate) async fn members_of(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<Vec<Member>> {
    let rows = provider_team_members::Entity::find()
        .find_also_related(provider_users::Entity)
        .filter(provider_team_members::Column::ProviderId.eq(provider))
        .filter(provider_team_members::Column::RemovedAt.is_null())
        .all(conn)
        .await?;
    let names: HashMap<i64, String> = roles::Entity::find()
        .filter(roles::Column::GuardName.eq(kernel::Guard::Provider.name()))
        .all(conn)
        .await?
        .into_iter()
        .map(|role| (role.id, role.name))
        .collect();
    let mut members: Vec<Member> = rows
        .into_iter()
        .filter_map(|(row, user)| Some(Member { role: names.get(&row.role_id)?.clone(), user: user?, row }))
        .collect();
    members.sort_by_cached_key(|member| (!member.row.is_owner, rank(&member.role), member.name().to_lowercase()));
    Ok(members)
}

/// As many as a file of the team may have.
const WHOLE: u64 = 1000;

/// The team for a file. What leaves the house in one is on record, as every export (R-ID-64).
///
/// Errors: as [`team`].
pub async fn export(app: &App, actor: &Actor, work: &Work, filter: &TeamFilter) -> AppResult<Vec<TeamMember>> {
    let (_, provider) = actor.provider()?;
    let found = team(app, actor, work, filter, PageQuery { page: 1, per_page: WHOLE }).await?;
    let entry = Entry::new("team.exported").fields(&["first_name", "last_name", "email", "role"]).provider(provider);
    audit::record(app.db.conn(), app, actor, entry).await?;
    Ok(found.members.data)
}

/// The team of the asker's clinic.
///
/// Errors: 403 without `view_team`.
pub async fn team(app: &App, actor: &Actor, work: &Work, filter: &TeamFilter, page: PageQuery) -> AppResult<Team> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    let conn = app.db.conn();
    let members = members_of(conn, provider).await?;
    let clinic = providers::Entity::find_by_id(provider).one(conn).await?.ok_or_else(kernel::AppError::not_found)?;
    let with_login = members.iter().filter(|member| member.user.can_login).count() as u64;
    let seats = seats_of(conn, &clinic, with_login, app.now()).await?;
    let mut loads: HashMap<ProviderUserId, u64> = HashMap::new();
    for (_, who, count) in work.open(&conn.into(), provider).await? {
        *loads.entry(who).or_default() += count;
    }
    let wanted = filter.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let fits = |member: &&Member| {
        let named =
            wanted.is_empty() || member.name().to_lowercase().contains(&wanted) || member.user.email.contains(&wanted);
        named
            && filter.role.as_ref().is_none_or(|role| *role == member.role)
            && filter.status.is_none_or(|status| status == member.row.status)
    };
    let found: Vec<TeamMember> = members
        .iter()
        .filter(fits)
        .map(|member| view(member, loads.get(&member.user.id).copied().unwrap_or_default()))
        .collect();
    let total = found.len() as u64;
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(page.per_page).unwrap_or(20);
    let shown = found.into_iter().skip(skip).take(take).collect();
    Ok(Team { members: Page::new(shown, page, total), seats, size: members.len() as u64 })
}

/// One member with their open work and the role that is planned for them.
///
/// Errors: 403 without `view_team`; 404 for members of other clinics.
pub async fn detail(app: &App, actor: &Actor, work: &Work, id: ProviderUserId) -> AppResult<MemberDetail> {
    let member = member(app, actor, work, id).await?;
    let (planned_role, planned_from) = crate::roles::planned(app.db.conn(), Guard::Provider, id.any()).await?.unzip();
    Ok(MemberDetail { planned_role, planned_from, ..member })
}

/// One member with their open work.
///
/// Errors: as [`detail`].
pub async fn member(app: &App, actor: &Actor, work: &Work, id: ProviderUserId) -> AppResult<MemberDetail> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    let conn = app.db.conn();
    let member = live_member(conn, Some(provider), id).await?;
    let work = open_work(work, &conn.into(), provider, id).await?;
    Ok(MemberDetail {
        planned_role: None,
        planned_from: None,
        member: view(&member, work.iter().map(|kind| kind.count).sum()),
        suspension_reason: member.row.suspension_reason.clone(),
        suspended_at: member.row.suspended_at,
        work,
    })
}

/// One member without their work: the head of pages about them.
///
/// Errors: as [`member`].
pub async fn head(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<TeamMember> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    Ok(view(&live_member(app.db.conn(), Some(provider), id).await?, 0))
}

/// The seats of the asker's clinic.
///
/// Errors: 403 without `invite_team_member`.
pub async fn seats(app: &App, actor: &Actor) -> AppResult<Seats> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let conn = app.db.conn();
    let clinic = providers::Entity::find_by_id(provider).one(conn).await?.ok_or_else(kernel::AppError::not_found)?;
    crate::service::team::seats(conn, &clinic, app.now()).await
}

/// The other members who could take over work.
///
/// Errors: 403 without `view_team`.
pub async fn takers(app: &App, actor: &Actor, leaving: ProviderUserId) -> AppResult<Vec<TeamMember>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    let members = members_of(app.db.conn(), provider).await?;
    let fits = |member: &&Member| {
        member.user.id != leaving && member.row.status == ProviderTeamMemberStatus::Active && member.user.can_login
    };
    Ok(members.iter().filter(fits).map(|member| view(member, 0)).collect())
}

/// What a member would leave behind.
pub(crate) async fn open_work(
    work: &Work,
    conn: &sea_orm::DatabaseExecutor<'_>,
    provider: ProviderId,
    id: ProviderUserId,
) -> AppResult<Vec<OpenWork>> {
    let open = work.open(conn, provider).await?;
    let needs = |kind: &str| work.sources().iter().find(|source| source.kind == kind).map(|source| source.needs.name());
    Ok(open
        .into_iter()
        .filter(|(_, who, _)| *who == id)
        .filter_map(|(kind, _, count)| Some(OpenWork { kind, count, needs: needs(kind)? }))
        .collect())
}
