//! Portraits and heads: flat, friendly, and nobody's face.

use axum::body::Bytes;
use kernel::AppResult;

use crate::demo::dice::Dice;
use pictures::{Canvas, Colour, mix};

use super::finished;

const SKIN: [Colour; 6] =
    [[246, 214, 188], [234, 190, 158], [219, 168, 128], [190, 136, 97], [147, 98, 66], [104, 68, 47]];
const HAIR: [Colour; 6] = [[42, 32, 28], [74, 49, 33], [113, 74, 43], [164, 118, 66], [121, 118, 116], [28, 28, 34]];
const CLOTHES: [Colour; 6] =
    [[38, 70, 83], [42, 111, 107], [231, 111, 81], [92, 107, 192], [120, 86, 120], [70, 78, 95]];
const WALLS: [(Colour, Colour); 6] = [
    ([224, 240, 238], [188, 218, 214]),
    ([253, 236, 214], [246, 208, 170]),
    ([226, 232, 247], [190, 202, 232]),
    ([240, 229, 240], [214, 194, 218]),
    ([231, 240, 222], [198, 217, 178]),
    ([238, 236, 231], [207, 202, 192]),
];

fn of<T: Copy>(all: &[T], dice: &mut Dice, fallback: T) -> T {
    dice.pick(all).copied().unwrap_or(fallback)
}

/// A portrait, 480 by 480, that depends on nothing but the name.
pub fn portrait(name: &str, long_hair: bool) -> AppResult<Bytes> {
    let mut dice = Dice::of(name);
    let (top, bottom) = of(&WALLS, &mut dice, ([224, 240, 238], [188, 218, 214]));
    let skin = of(&SKIN, &mut dice, [219, 168, 128]);
    let hair = of(&HAIR, &mut dice, [42, 32, 28]);
    let shirt = of(&CLOTHES, &mut dice, [38, 70, 83]);
    let shade = mix(skin, [90, 50, 40], 22);
    let mut canvas = Canvas::fading(480, 480, top, bottom);
    canvas.ellipse((240.0, 250.0), (196.0, 196.0), mix(top, [255, 255, 255], 45));
    if long_hair {
        canvas.ellipse((240.0, 226.0), (122.0, 134.0), hair);
        canvas.rectangle((118.0, 226.0), (244.0, 130.0), hair);
    }
    canvas.ellipse((240.0, 500.0), (186.0, 142.0), shirt);
    canvas.rectangle((206.0, 300.0), (68.0, 74.0), shade);
    canvas.ellipse((240.0, 372.0), (48.0, 26.0), skin);
    canvas.ellipse((150.0, 236.0), (18.0, 28.0), shade);
    canvas.ellipse((330.0, 236.0), (18.0, 28.0), shade);
    canvas.ellipse((240.0, 230.0), (92.0, 116.0), skin);
    // The hair ends higher on some: why people come.
    let line = 148.0 + dice.between(0, 34) as f32;
    canvas.ellipse_between((240.0, 214.0), (102.0, 112.0), (0.0, line), hair);
    canvas.ellipse((240.0, line + 16.0), (70.0, 26.0), skin);
    for side in [-1.0, 1.0] {
        canvas.ellipse((240.0 + side * 36.0, 234.0), (8.0, 10.0), [44, 38, 38]);
        canvas.line((240.0 + side * 22.0, 211.0), (240.0 + side * 52.0, 209.0), 6.0, mix(hair, skin, 20));
        canvas.ellipse((240.0 + side * 52.0, 274.0), (18.0, 11.0), mix(skin, [220, 110, 100], 22));
    }
    canvas.line((240.0, 240.0), (234.0, 268.0), 5.0, shade);
    canvas.ellipse_between((240.0, 292.0), (32.0, 20.0), (292.0, 330.0), mix(skin, [170, 70, 70], 60));
    if !long_hair && dice.chance(45) {
        for step in 0..60 {
            let x = 168.0 + step as f32 * 2.5;
            let depth = (1.0 - ((x - 240.0) / 84.0).powi(2)).max(0.0).sqrt();
            canvas.line((x, 284.0 + depth * 34.0), (x, 290.0 + depth * 56.0), 3.0, hair);
        }
    }
    finished(canvas)
}

/// One side of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The face.
    Front,
    /// From above.
    Top,
    /// The left side.
    Left,
    /// The right side.
    Right,
    /// From behind.
    Back,
}

/// The five sides in the order people take them.
pub const VIEWS: [View; 5] = [View::Front, View::Top, View::Left, View::Right, View::Back];

/// Side of a head scan in pixels: the least a quality check accepts.
const SIDE: i32 = 600;

/// A picture of one side of a head; `growth` is how much hair covers it, from 0 to 100.
pub fn head(who: &str, view: View, growth: i64) -> AppResult<Bytes> {
    // Colours come from the person, the strokes from person and side.
    let mut dice = Dice::of(who);
    let skin = of(&SKIN, &mut dice, [219, 168, 128]);
    let hair = of(&HAIR, &mut dice, [42, 32, 28]);
    let (top, bottom) = of(&WALLS, &mut dice, ([224, 240, 238], [188, 218, 214]));
    let mut dice = Dice::of(&format!("{who} {view:?}"));
    let shade = mix(skin, [90, 50, 40], 24);
    let mut canvas = Canvas::fading(SIDE, SIDE, top, bottom);
    canvas.ellipse((300.0, 640.0), (230.0, 130.0), [96, 125, 128]);
    let (centre, radii) = match view {
        View::Top => ((300.0, 300.0), (190.0, 226.0)),
        View::Left | View::Right => ((300.0, 280.0), (206.0, 214.0)),
        View::Front | View::Back => ((300.0, 286.0), (168.0, 214.0)),
    };
    if view != View::Top {
        canvas.rectangle((232.0, 440.0), (136.0, 120.0), shade);
    }
    canvas.ellipse(centre, radii, skin);
    match view {
        View::Front => face(&mut canvas, hair, skin, shade),
        View::Left => profile(&mut canvas, -1.0, skin, shade),
        View::Right => profile(&mut canvas, 1.0, skin, shade),
        View::Top | View::Back => {}
    }
    strokes(&mut canvas, &mut dice, (view, centre, radii), growth, hair);
    finished(canvas)
}

fn face(canvas: &mut Canvas, hair: Colour, skin: Colour, shade: Colour) {
    for side in [-1.0, 1.0] {
        canvas.ellipse((300.0 + side * 170.0, 310.0), (22.0, 40.0), shade);
        canvas.ellipse((300.0 + side * 62.0, 318.0), (26.0, 13.0), [250, 250, 248]);
        canvas.ellipse((300.0 + side * 62.0, 318.0), (11.0, 12.0), [70, 54, 44]);
        canvas.line((300.0 + side * 34.0, 284.0), (300.0 + side * 94.0, 280.0), 9.0, hair);
    }
    canvas.line((300.0, 326.0), (288.0, 386.0), 7.0, shade);
    canvas.line((288.0, 386.0), (314.0, 388.0), 7.0, shade);
    canvas.line((258.0, 430.0), (342.0, 430.0), 8.0, mix(skin, [160, 70, 70], 60));
}

fn profile(canvas: &mut Canvas, side: f32, skin: Colour, shade: Colour) {
    // The face looks to the outside; the ear lies in the middle.
    canvas.ellipse((300.0 + side * 196.0, 330.0), (34.0, 24.0), skin);
    canvas.ellipse((300.0 + side * 150.0, 300.0), (12.0, 11.0), [70, 54, 44]);
    canvas.line((300.0 + side * 150.0, 424.0), (300.0 + side * 190.0, 420.0), 7.0, mix(skin, [160, 70, 70], 60));
    canvas.ellipse((300.0 - side * 12.0, 330.0), (30.0, 48.0), shade);
    canvas.ellipse((300.0 - side * 10.0, 330.0), (16.0, 30.0), skin);
}

/// Single hairs, dense at the back and the sides, sparse where it recedes. They also are what a camera finds sharp.
fn strokes(
    canvas: &mut Canvas,
    dice: &mut Dice,
    (view, centre, radii): (View, (f32, f32), (f32, f32)),
    growth: i64,
    hair: Colour,
) {
    for _ in 0..5200 {
        let u = dice.between(-1000, 1000) as f32 / 1000.0;
        let v = dice.between(-1000, 1000) as f32 / 1000.0;
        if u * u + v * v > 1.0 || !dice.chance(cover(view, u, v, growth)) {
            continue;
        }
        let (x, y) = (centre.0 + u * radii.0, centre.1 + v * radii.1);
        let lean = dice.between(-5, 5) as f32 + u * 5.0;
        let length = dice.between(8, 15) as f32;
        let tone = mix(hair, [232, 214, 190], i32::try_from(dice.between(0, 34)).unwrap_or(0));
        canvas.line((x, y), (x + lean, y + length), 1.6, tone);
    }
}

/// How likely a hair stands at a place of the head, in percent.
fn cover(view: View, u: f32, v: f32, growth: i64) -> i64 {
    let line = -0.42;
    match view {
        // The hairline is an M when it recedes: high at the temples.
        View::Front if v > line + 0.16 * u.abs() - 0.10 => 0,
        View::Front if u.abs() > 0.35 && v > -0.72 => growth,
        View::Front => 50 + growth / 2,
        View::Top if v < -0.45 => growth * 2 / 3,
        View::Top if u * u + (v - 0.1) * (v - 0.1) < 0.16 => 15 + growth * 4 / 5,
        View::Top => 88,
        View::Left if u < -0.35 && v > -0.62 => 0,
        View::Right if u > 0.35 && v > -0.62 => 0,
        View::Left | View::Right if v > 0.25 => 4,
        View::Left if u < -0.2 => growth,
        View::Right if u > 0.2 => growth,
        View::Left | View::Right => 90,
        View::Back if v > 0.55 => 10,
        View::Back if v < -0.5 => 40 + growth * 3 / 5,
        View::Back => 92,
    }
}
