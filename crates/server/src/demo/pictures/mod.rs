//! Pictures drawn by the program itself: the same every time, and of nobody.

mod people;
mod places;
mod treatments;

use axum::body::Bytes;
use kernel::{AppError, AppResult};
use pictures::Canvas;

pub use people::{VIEWS, View, head, portrait};
pub use places::{SCENES, scene, sign};
pub use treatments::treatment;

/// Different heads; people share them.
const HEADS: usize = 3;
/// Different portraits of members of teams.
const PORTRAITS: usize = 6;
/// Different houses.
const HOUSES: usize = 6;

/// One head from its five sides.
pub type Scan = [Bytes; 5];

/// Everything drawn once, for many people.
pub struct Album {
    before: Vec<Scan>,
    after: Vec<Scan>,
    portraits: Vec<Bytes>,
    houses: Vec<[Bytes; 4]>,
}

/// A canvas as the bytes of a PNG.
fn finished(canvas: Canvas) -> AppResult<Bytes> {
    canvas.png().map(Bytes::from).map_err(AppError::internal)
}

impl Album {
    /// Draws it beside the threads that answer pages.
    pub async fn draw() -> AppResult<Self> {
        tokio::task::spawn_blocking(Self::drawn).await.map_err(AppError::internal)?
    }

    fn drawn() -> AppResult<Self> {
        let scan = |index: usize, growth: i64| -> AppResult<Scan> {
            let name = format!("head {index}");
            let [front, top, left, right, back] = VIEWS.map(|view| head(&name, view, growth));
            Ok([front?, top?, left?, right?, back?])
        };
        let house = |index: usize| -> AppResult<[Bytes; 4]> {
            let name = format!("house {index}");
            let [building, reception, theatre, lounge] = SCENES.map(|it| scene(&name, it));
            Ok([building?, reception?, theatre?, lounge?])
        };
        let growth = |index: usize| i64::try_from(index % 3).unwrap_or(0) * 14;
        Ok(Self {
            before: (0..HEADS).map(|index| scan(index, growth(index))).collect::<AppResult<_>>()?,
            after: (0..HEADS).map(|index| scan(index, 82)).collect::<AppResult<_>>()?,
            portraits: (0..PORTRAITS)
                .map(|index| portrait(&format!("person {index}"), index % 3 == 1))
                .collect::<AppResult<_>>()?,
            houses: (0..HOUSES).map(house).collect::<AppResult<_>>()?,
        })
    }

    /// A head before its treatment.
    pub fn before(&self, index: usize) -> Vec<Vec<u8>> {
        Self::of(&self.before, index).into_iter().flatten().map(|side| side.to_vec()).collect()
    }

    /// The same head after it.
    pub fn after(&self, index: usize) -> [Vec<u8>; 5] {
        Self::of(&self.after, index).map(|scan| scan.each_ref().map(|side| side.to_vec())).unwrap_or_default()
    }

    /// A portrait.
    pub fn portrait(&self, index: usize) -> Bytes {
        Self::of(&self.portraits, index).cloned().unwrap_or_default()
    }

    /// A house: building, reception, theatre, lounge.
    pub fn house(&self, index: usize) -> [Bytes; 4] {
        Self::of(&self.houses, index).cloned().unwrap_or_default()
    }

    fn of<T>(all: &[T], index: usize) -> Option<&T> {
        all.get(index % all.len().max(1))
    }
}
