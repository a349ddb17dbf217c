//! Clinics from outside and inside.

use axum::body::Bytes;
use kernel::AppResult;

use crate::demo::dice::Dice;
use pictures::{Canvas, Colour, mix};

use super::finished;

/// Kinds of pictures of a clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// The house and the street.
    Building,
    /// The desk at the entrance.
    Reception,
    /// The room of the procedure.
    Theatre,
    /// Where people wait.
    Lounge,
}

/// All of them.
pub const SCENES: [Scene; 4] = [Scene::Building, Scene::Reception, Scene::Theatre, Scene::Lounge];

const SKIES: [(Colour, Colour); 4] = [
    ([133, 196, 226], [236, 244, 240]),
    ([250, 196, 150], [252, 236, 214]),
    ([116, 150, 200], [222, 226, 238]),
    ([158, 214, 208], [240, 246, 232]),
];
const WALLS: [Colour; 4] = [[244, 240, 232], [214, 226, 230], [236, 220, 206], [226, 232, 222]];
const ACCENTS: [Colour; 4] = [[38, 110, 118], [196, 96, 72], [70, 92, 150], [92, 128, 84]];

/// A scene, 900 by 600.
pub fn scene(name: &str, scene: Scene) -> AppResult<Bytes> {
    let mut dice = Dice::of(name);
    let sky = dice.pick(&SKIES).copied().unwrap_or(([133, 196, 226], [236, 244, 240]));
    let wall = dice.pick(&WALLS).copied().unwrap_or([244, 240, 232]);
    let accent = dice.pick(&ACCENTS).copied().unwrap_or([38, 110, 118]);
    match scene {
        Scene::Building => building(sky, wall, accent, &mut dice),
        Scene::Reception => reception(wall, accent),
        Scene::Theatre => theatre(wall, accent),
        Scene::Lounge => lounge(sky, wall, accent),
    }
}

/// A clinic's sign, 320 by 320: a leaf or two hairs over a disc, that depends on nothing but the name.
pub fn sign(name: &str) -> AppResult<Bytes> {
    let mut dice = Dice::of(name);
    let accent = dice.pick(&ACCENTS).copied().unwrap_or([38, 110, 118]);
    let light = mix(accent, [255, 255, 255], 88);
    let mut canvas = Canvas::fading(320, 320, accent, mix(accent, [0, 0, 0], 22));
    canvas.ellipse((160.0, 160.0), (104.0, 104.0), mix(accent, [255, 255, 255], 14));
    if dice.chance(50) {
        canvas.ellipse((160.0, 150.0), (46.0, 78.0), light);
        canvas.line((160.0, 92.0), (160.0, 246.0), 7.0, accent);
        canvas.line((160.0, 176.0), (188.0, 148.0), 6.0, accent);
        canvas.line((160.0, 196.0), (132.0, 168.0), 6.0, accent);
    } else {
        for (at, top) in [(118.0, 132.0), (160.0, 96.0), (202.0, 132.0)] {
            canvas.line((at, 214.0), (at, top), 13.0, light);
            canvas.ellipse((at, 220.0), (12.0, 14.0), light);
        }
    }
    finished(canvas)
}

fn building(sky: (Colour, Colour), wall: Colour, accent: Colour, dice: &mut Dice) -> AppResult<Bytes> {
    let mut canvas = Canvas::fading(900, 600, sky.0, sky.1);
    canvas.ellipse((730.0, 120.0), (52.0, 52.0), [255, 244, 214]);
    for (x, height) in [(0.0, 210.0), (120.0, 260.0), (640.0, 240.0), (780.0, 200.0)] {
        canvas.rectangle((x, 520.0 - height), (130.0, height), mix(sky.0, wall, 55));
    }
    let floors = dice.between(3, 5) as f32;
    let top = 520.0 - floors * 84.0 - 20.0;
    canvas.rectangle((210.0, top), (460.0, 520.0 - top), wall);
    canvas.rectangle((210.0, top), (460.0, 18.0), accent);
    for floor in 0..floors as i32 {
        for window in 0..5 {
            let (x, y) = (240.0 + window as f32 * 84.0, top + 42.0 + floor as f32 * 84.0);
            if floor + 1 == floors as i32 && window == 2 {
                continue;
            }
            canvas.rectangle((x, y), (54.0, 50.0), mix(sky.0, [40, 60, 80], 45));
            canvas.trapezium((y, x, x + 26.0), (y + 50.0, x, x + 8.0), mix(sky.1, [255, 255, 255], 30));
        }
    }
    canvas.rectangle((398.0, 430.0), (84.0, 90.0), accent);
    canvas.rectangle((408.0, 440.0), (30.0, 80.0), mix(sky.1, [255, 255, 255], 40));
    canvas.rectangle((442.0, 440.0), (30.0, 80.0), mix(sky.1, [255, 255, 255], 40));
    canvas.rectangle((0.0, 520.0), (900.0, 80.0), [176, 180, 178]);
    for x in [60.0, 170.0, 720.0, 840.0] {
        canvas.rectangle((x - 5.0, 450.0), (10.0, 80.0), [110, 84, 62]);
        canvas.ellipse((x, 430.0), (42.0, 52.0), mix(accent, [90, 150, 90], 70));
    }
    finished(canvas)
}

fn room(wall: Colour) -> Canvas {
    let mut canvas = Canvas::fading(900, 600, mix(wall, [255, 255, 255], 35), wall);
    canvas.trapezium((430.0, 0.0, 900.0), (600.0, 0.0, 900.0), [205, 190, 168]);
    for step in 0..9 {
        let x = step as f32 * 112.0;
        canvas.line((450.0 + (x - 450.0) * 0.7, 430.0), (x, 600.0), 2.0, [188, 172, 150]);
    }
    canvas
}

fn reception(wall: Colour, accent: Colour) -> AppResult<Bytes> {
    let mut canvas = room(wall);
    canvas.rectangle((300.0, 90.0), (300.0, 110.0), accent);
    canvas.ellipse((450.0, 145.0), (34.0, 34.0), mix(accent, [255, 255, 255], 80));
    canvas.line((436.0, 145.0), (464.0, 145.0), 9.0, accent);
    canvas.line((450.0, 131.0), (450.0, 159.0), 9.0, accent);
    canvas.trapezium((330.0, 190.0, 710.0), (520.0, 210.0, 690.0), mix(accent, [40, 40, 40], 25));
    canvas.rectangle((170.0, 312.0), (560.0, 24.0), [236, 226, 210]);
    canvas.rectangle((520.0, 256.0), (86.0, 56.0), [52, 58, 66]);
    for x in [90.0, 800.0] {
        canvas.trapezium((430.0, x - 26.0, x + 26.0), (500.0, x - 18.0, x + 18.0), [224, 214, 204]);
        canvas.ellipse((x, 372.0), (44.0, 66.0), [92, 142, 98]);
        canvas.ellipse((x + 20.0, 396.0), (30.0, 40.0), [116, 164, 112]);
    }
    for x in [250.0, 450.0, 650.0] {
        canvas.line((x, 0.0), (x, 44.0), 3.0, [90, 90, 90]);
        canvas.ellipse_between((x, 66.0), (30.0, 26.0), (40.0, 66.0), [250, 226, 166]);
    }
    finished(canvas)
}

fn theatre(wall: Colour, accent: Colour) -> AppResult<Bytes> {
    let mut canvas = room(mix(wall, [214, 234, 236], 55));
    canvas.line((450.0, 0.0), (450.0, 80.0), 10.0, [150, 158, 162]);
    canvas.ellipse((450.0, 110.0), (120.0, 34.0), [206, 214, 218]);
    for x in [390.0, 430.0, 470.0, 510.0] {
        canvas.ellipse((x, 116.0), (15.0, 12.0), [255, 250, 224]);
    }
    canvas.trapezium((146.0, 350.0, 550.0), (330.0, 250.0, 650.0), mix(wall, [255, 252, 232], 60));
    canvas.rectangle((250.0, 360.0), (400.0, 54.0), accent);
    canvas.ellipse((262.0, 366.0), (56.0, 26.0), mix(accent, [255, 255, 255], 75));
    canvas.rectangle((424.0, 414.0), (52.0, 90.0), [150, 158, 162]);
    canvas.rectangle((360.0, 500.0), (180.0, 22.0), [120, 128, 132]);
    canvas.rectangle((700.0, 240.0), (120.0, 92.0), [46, 54, 62]);
    canvas.line((710.0, 290.0), (742.0, 290.0), 4.0, [120, 226, 170]);
    canvas.line((742.0, 290.0), (752.0, 260.0), 4.0, [120, 226, 170]);
    canvas.line((752.0, 260.0), (766.0, 314.0), 4.0, [120, 226, 170]);
    canvas.line((766.0, 314.0), (808.0, 288.0), 4.0, [120, 226, 170]);
    canvas.rectangle((752.0, 332.0), (16.0, 150.0), [150, 158, 162]);
    canvas.rectangle((70.0, 300.0), (130.0, 190.0), [232, 236, 236]);
    for y in [320.0, 366.0, 412.0] {
        canvas.rectangle((82.0, y), (106.0, 36.0), [206, 214, 216]);
        canvas.rectangle((124.0, y + 14.0), (22.0, 6.0), [140, 148, 152]);
    }
    finished(canvas)
}

fn lounge(sky: (Colour, Colour), wall: Colour, accent: Colour) -> AppResult<Bytes> {
    let mut canvas = room(wall);
    for x in [110.0, 350.0, 590.0] {
        canvas.rectangle((x, 70.0), (200.0, 230.0), mix(sky.0, sky.1, 50));
        canvas.ellipse_between((x + 70.0, 300.0), (110.0, 74.0), (200.0, 300.0), mix(accent, [120, 170, 120], 60));
        canvas.rectangle((x + 96.0, 70.0), (8.0, 230.0), [250, 250, 246]);
        canvas.rectangle((x - 10.0, 298.0), (220.0, 14.0), [250, 250, 246]);
    }
    canvas.rectangle((150.0, 376.0), (320.0, 70.0), accent);
    canvas.rectangle((130.0, 430.0), (360.0, 70.0), mix(accent, [30, 30, 30], 18));
    canvas.rectangle((620.0, 420.0), (150.0, 80.0), mix(accent, [250, 236, 214], 55));
    canvas.rectangle((620.0, 366.0), (150.0, 60.0), mix(accent, [250, 236, 214], 45));
    canvas.ellipse((540.0, 520.0), (66.0, 18.0), [160, 122, 86]);
    canvas.rectangle((534.0, 520.0), (12.0, 56.0), [132, 100, 70]);
    canvas.ellipse((820.0, 380.0), (40.0, 70.0), [92, 142, 98]);
    finished(canvas)
}
