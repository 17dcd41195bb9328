//! What the worker sees: a frame of the camera or a photo, whose pixels the page's own module never touches.

use caster::{Pixels, QrFault, read_code};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ImageBitmap, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// Larger pictures are scaled down: a code that fills a tenth of the picture still has several pixels a module.
const LONGEST_SIDE: u32 = 1600;

/// The text of the QR code in a picture.
pub fn read(picture: &JsValue) -> Result<String, QrFault> {
    let picture: &ImageBitmap = picture.dyn_ref().ok_or(QrFault::NotAPicture)?;
    let pixels = pixels(picture).map_err(|_| QrFault::NotAPicture)?;
    picture.close();
    read_code(&pixels)
}

fn pixels(picture: &ImageBitmap) -> Result<Pixels, JsValue> {
    let longest = picture.width().max(picture.height()).max(1);
    let scaled = |side: u32| side.saturating_mul(longest.min(LONGEST_SIDE)) / longest;
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    let canvas = OffscreenCanvas::new(width, height)?;
    let context: OffscreenCanvasRenderingContext2d = canvas
        .get_context_with_context_options("2d", &read_often())?
        .ok_or(JsValue::NULL)?
        .dyn_into()?;
    let (width, height) = (f64::from(width), f64::from(height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(picture, 0.0, 0.0, width, height)?;
    let data: ImageData = context.get_image_data(0.0, 0.0, width, height)?;
    Ok(Pixels::from_rgba(data.width(), &data.data().0))
}

fn read_often() -> JsValue {
    let options = Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok();
    options.into()
}
