//! Flat shapes on a canvas of double size; shrinking it smooths every edge.

use image::RgbImage;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};

use crate::photo::Fault;

/// Red, green, blue.
pub type Colour = [u8; 3];

/// Drawn this much larger than shown.
const SCALE: i32 = 2;

/// A picture in the making. Coordinates are those of the finished picture.
pub struct Canvas {
    width: i32,
    height: i32,
    pixels: Vec<Colour>,
}

/// A colour between two, `part` of 100 towards the second.
pub fn mix(from: Colour, to: Colour, part: i32) -> Colour {
    let one = |a: u8, b: u8| {
        let value = (i32::from(a) * (100 - part) + i32::from(b) * part) / 100;
        u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
    };
    let ([r, g, b], [x, y, z]) = (from, to);
    [one(r, x), one(g, y), one(b, z)]
}

impl Canvas {
    /// A canvas that fades from the first colour at the top to the second.
    pub fn fading(width: i32, height: i32, top: Colour, bottom: Colour) -> Self {
        let (width, height) = (width * SCALE, height * SCALE);
        let mut pixels = Vec::new();
        for y in 0..height {
            let colour = mix(top, bottom, y * 100 / height.max(1));
            pixels.extend(std::iter::repeat_n(colour, usize::try_from(width).unwrap_or(0)));
        }
        Self { width, height, pixels }
    }

    fn span(&mut self, y: i32, from: i32, to: i32, colour: Colour) {
        let (from, to) = (from.max(0), to.min(self.width));
        if y < 0 || y >= self.height || from >= to {
            return;
        }
        let place = |x: i32| usize::try_from(y * self.width + x).unwrap_or(0);
        if let Some(run) = self.pixels.get_mut(place(from)..place(to)) {
            run.fill(colour);
        }
    }

    /// A filled ellipse around a centre, between two heights (for halves and caps).
    pub fn ellipse_between(
        &mut self,
        (cx, cy): (f32, f32),
        (rx, ry): (f32, f32),
        (top, bottom): (f32, f32),
        colour: Colour,
    ) {
        let s = SCALE as f32;
        let (cx, cy, rx, ry) = (cx * s, cy * s, rx * s, ry * s);
        let first = (cy - ry).max(top * s).floor() as i32;
        let last = (cy + ry).min(bottom * s).ceil() as i32;
        for y in first..last {
            let part = (y as f32 + 0.5 - cy) / ry;
            let half = rx * (1.0 - part * part).max(0.0).sqrt();
            self.span(y, (cx - half).round() as i32, (cx + half).round() as i32, colour);
        }
    }

    /// A filled ellipse.
    pub fn ellipse(&mut self, centre: (f32, f32), radii: (f32, f32), colour: Colour) {
        self.ellipse_between(centre, radii, (f32::MIN / 4.0, f32::MAX / 4.0), colour);
    }

    /// A filled rectangle from a corner.
    pub fn rectangle(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), colour: Colour) {
        let s = SCALE as f32;
        for row in (y * s) as i32..((y + height) * s) as i32 {
            self.span(row, (x * s) as i32, ((x + width) * s) as i32, colour);
        }
    }

    /// A filled quadrilateral whose upper and lower edges are level.
    pub fn trapezium(
        &mut self,
        (top, left, right): (f32, f32, f32),
        (bottom, from, to): (f32, f32, f32),
        colour: Colour,
    ) {
        let s = SCALE as f32;
        for row in (top * s) as i32..(bottom * s) as i32 {
            let part = ((row as f32 / s - top) / (bottom - top)).clamp(0.0, 1.0);
            let (a, b) = (left + (from - left) * part, right + (to - right) * part);
            self.span(row, (a * s) as i32, (b * s) as i32, colour);
        }
    }

    /// A line of a width.
    pub fn line(&mut self, (x0, y0): (f32, f32), (x1, y1): (f32, f32), width: f32, colour: Colour) {
        let s = SCALE as f32;
        let steps = ((x1 - x0).abs().max((y1 - y0).abs()) * s).ceil().max(1.0) as i32;
        let half = (width * s / 2.0).max(0.5);
        for step in 0..=steps {
            let part = step as f32 / steps as f32;
            let (x, y) = ((x0 + (x1 - x0) * part) * s, (y0 + (y1 - y0) * part) * s);
            for row in (y - half).floor() as i32..(y + half).ceil() as i32 {
                self.span(
                    row,
                    (x - half).round() as i32,
                    (x + half).round().max((x - half).round() + 1.0) as i32,
                    colour,
                );
            }
        }
    }

    /// The finished picture: each pixel is the mean of the four that were drawn for it.
    fn shrunk(&self) -> Vec<u8> {
        let width = usize::try_from(self.width).unwrap_or(0).max(1);
        let mut out = Vec::with_capacity(self.pixels.len() * 3 / 4);
        for rows in self.pixels.chunks_exact(width * 2) {
            let (upper, lower) = rows.split_at(width);
            for (above, below) in upper.chunks_exact(2).zip(lower.chunks_exact(2)) {
                let mut sums = [0_u16; 3];
                for pixel in above.iter().chain(below) {
                    for (sum, part) in sums.iter_mut().zip(pixel) {
                        *sum += u16::from(*part);
                    }
                }
                // Four numbers of a byte: their mean is one again.
                out.extend(sums.map(|sum| u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX)));
            }
        }
        out
    }

    /// The finished picture as a PNG.
    pub fn png(self) -> Result<Vec<u8>, Fault> {
        let side = |length: i32| u32::try_from(length / SCALE).unwrap_or(0);
        let small = RgbImage::from_raw(side(self.width), side(self.height), self.shrunk()).unwrap_or_default();
        let mut out = Vec::new();
        let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Sub);
        small.write_with_encoder(encoder).map_err(Fault::Unwritable)?;
        Ok(out)
    }
}
