//! Treatments of the catalogue: a field of hair seen from close by, thinner at one side, with what the technique leaves.

use axum::body::Bytes;
use kernel::AppResult;
use pictures::{Canvas, Colour, mix};

use super::finished;
use crate::demo::dice::Dice;

/// Skin above and below, hair, and the colour of what stands out.
const PALETTES: [(Colour, Colour, Colour, Colour); 6] = [
    ([246, 222, 200], [232, 196, 168], [74, 52, 40], [38, 110, 118]),
    ([240, 210, 186], [222, 182, 152], [48, 38, 34], [196, 96, 72]),
    ([250, 230, 212], [236, 204, 178], [104, 72, 46], [92, 128, 84]),
    ([238, 206, 180], [218, 176, 146], [58, 44, 38], [70, 92, 150]),
    ([244, 216, 192], [226, 188, 158], [84, 58, 42], [142, 92, 120]),
    ([248, 226, 206], [230, 198, 172], [40, 34, 32], [96, 116, 130]),
];

/// The picture of the `number`-th treatment, 900 by 600.
pub fn treatment(number: usize) -> AppResult<Bytes> {
    let palette = PALETTES.get(number % PALETTES.len()).copied();
    let (light, deep, hair, mark) = palette.unwrap_or(([246, 222, 200], [232, 196, 168], [74, 52, 40], [38, 110, 118]));
    let mut dice = Dice::of(&format!("treatment {number}"));
    let mut canvas = Canvas::fading(900, 600, light, deep);
    for row in 0..15u8 {
        for column in 0..26u8 {
            let jitter = |dice: &mut Dice| dice.pick(&[-9.0f32, -5.0, 0.0, 4.0, 8.0]).copied().unwrap_or(0.0);
            let x = f32::from(column) * 36.0 + f32::from(row % 2) * 18.0 + jitter(&mut dice);
            let y = 60.0 + f32::from(row) * 38.0 + jitter(&mut dice);
            // Denser to the right: the half that has grown in.
            let grown = u32::from(column) * 4 >= dice.pick(&[0u32, 12, 24, 36, 48, 60, 72]).copied().unwrap_or(0);
            if !grown {
                canvas.ellipse((x, y), (3.0, 3.0), mix(deep, mark, 45));
                continue;
            }
            let lean = 16.0 + jitter(&mut dice);
            for strand in 0..2u8 {
                let shift = f32::from(strand) * 4.0;
                let shade = mix(hair, light, i32::from(strand) * 14);
                canvas.line((x + shift, y), (x + shift + lean, y - 44.0 - shift), 3.0, shade);
            }
        }
    }
    canvas.ellipse((128.0, 470.0), (92.0, 92.0), mix(light, mark, 18));
    canvas.ellipse((128.0, 470.0), (70.0, 70.0), mix(light, mark, 86));
    canvas.line((128.0, 512.0), (128.0, 436.0), 9.0, light);
    canvas.line((128.0, 436.0), (108.0, 462.0), 7.0, light);
    canvas.line((128.0, 436.0), (148.0, 462.0), 7.0, light);
    finished(canvas)
}
