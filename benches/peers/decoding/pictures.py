"""Writes generated pictures of every kind that docs/decoding.md speaks of, and photograph-like JPEGs.

usage: pictures.py FOLDER
"""

import os
import sys

import numpy
import tifffile
from PIL import Image

WIDTH, HEIGHT = 203, 131


def kinds():
    """One small file of each kind."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    red = ((x * 5 + y * 3) % 256).astype(numpy.uint8)
    colour = numpy.stack([red, (x * x // 7 + y * 2) % 256, (x + y * y // 5) % 256], -1).astype(numpy.uint8)
    waves = [numpy.sin(x / 17 + y / 31), numpy.cos(x / 23 - y / 13), numpy.sin(x / 11) * numpy.cos(y / 19)]
    smooth = Image.fromarray(numpy.stack([127 + 100 * wave for wave in waves], -1).astype(numpy.uint8))
    alpha = ((x * 2 + y) % 256).astype(numpy.uint8)
    grey, rgb = Image.fromarray(red), Image.fromarray(colour)
    rgba = Image.fromarray(numpy.dstack([colour, alpha]))
    grey_alpha = Image.merge("LA", (grey, Image.fromarray(alpha)))
    one = Image.fromarray(((x // 5 + y // 7) % 2 * 255).astype(numpy.uint8)).convert("1")
    palette = rgb.quantize(64)

    for name, picture in dict(grey=grey, rgb=rgb, rgba=rgba, grey_alpha=grey_alpha, one=one, palette=palette).items():
        picture.save(f"{name}.png")
    Image.fromarray(red.astype(numpy.uint16) * 257 + (y * 3).astype(numpy.uint16)).save("grey16.png")
    rgb.quantize(4).save("palette2.png", bits=2)
    palette.save("palette_clear.png", transparency=5)
    rgb.save("rgb_clear.png", transparency=(0, 0, 0))
    for name, picture in dict(grey=grey, rgb=rgb, rgba=rgba, one=one, palette=palette).items():
        picture.save(f"{name}.bmp")
    palette.save("palette.gif")
    palette.save("palette_clear.gif", transparency=3)
    smooth.quantize(32).save("frames.gif", save_all=True, append_images=[palette, rgb.quantize(9)], duration=50)
    smooth.save("frames.png", save_all=True, append_images=[rgb], duration=50)
    smooth.save("frames.webp", save_all=True, append_images=[rgb], duration=50, lossless=True)
    rgb.save("lossless.webp", lossless=True)
    rgba.save("rgba.webp", lossless=True, exact=True)
    smooth.save("lossy.webp", quality=80)
    tiffs(grey, rgb, rgba, grey_alpha, one, palette, smooth)
    jpegs(smooth)


def tiffs(grey, rgb, rgba, grey_alpha, one, palette, smooth):
    cmyk = smooth.convert("CMYK")
    for name, picture in dict(
        grey=grey, rgb=rgb, rgba=rgba, grey_alpha=grey_alpha, one=one, palette=palette, cmyk=cmyk
    ).items():
        picture.save(f"{name}.tif")
    rgb.quantize(16).save("palette4.tif")
    for method in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg"):
        smooth.save(f"{method}.tif", compression=method)
    one.save("fax4.tif", compression="group4")
    one.save("white_is_zero.tif", tiffinfo={262: 0})
    smooth.convert("YCbCr").save("ycbcr.tif", compression="jpeg")
    red, colour = numpy.asarray(grey), numpy.asarray(rgb)
    planes = numpy.moveaxis(colour, -1, 0)
    tifffile.imwrite("grey16.tif", red.astype(numpy.uint16) * 257)
    tifffile.imwrite("rgb16.tif", colour.astype(numpy.uint16) * 257, photometric="rgb")
    tifffile.imwrite("float.tif", (red / 200.0 - 0.1).astype(numpy.float32), photometric="minisblack")
    tifffile.imwrite("planes.tif", planes, photometric="rgb", planarconfig="separate")
    tifffile.imwrite("tiles.tif", colour, photometric="rgb", tile=(64, 64))
    tifffile.imwrite("tiles_and_planes.tif", planes, photometric="rgb", planarconfig="separate", tile=(64, 64))
    tifffile.imwrite("bigtiff.tif", colour, photometric="rgb", bigtiff=True)
    tifffile.imwrite("big_endian.tif", colour, photometric="rgb", byteorder=">")


def jpegs(smooth):
    for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
        smooth.save(f"{name}.jpg", quality=90, subsampling=sampling)
    smooth.save("progressive.jpg", quality=85, progressive=True)
    smooth.save("restart.jpg", restart_marker_rows=1)
    smooth.save("rgb.jpg", keep_rgb=True, quality=95)
    smooth.convert("L").save("grey.jpg")
    smooth.convert("CMYK").save("cmyk.jpg", quality=95)
    turned = Image.Exif()
    turned[0x0112] = 6
    smooth.save("turned.jpg", exif=turned)


def photographs():
    """120 colour pictures with the spectrum of photographs, in all samplings."""
    random = numpy.random.default_rng(11)
    for number in range(120):
        height, width = [(480, 640), (900, 1200), (333, 501)][number % 3]
        rows, columns = numpy.fft.fftfreq(height)[:, None], numpy.fft.fftfreq(width)[None]
        power = rows**2 + columns**2
        power[0, 0] = 1
        shared = random.normal(size=(height, width))
        channels = []
        for _ in range(3):
            noise = 0.7 * shared + 0.3 * random.normal(size=(height, width))
            field = numpy.real(numpy.fft.ifft2(numpy.fft.fft2(noise) / power**0.55))
            channels.append((field - field.min()) / (field.max() - field.min()) * 255)
        picture = Image.fromarray(numpy.stack(channels, -1).astype(numpy.uint8))
        quality, sampling = [75, 85, 92][number // 3 % 3], [2, 2, 0, 1][number % 4]
        picture.save(f"photo{number:03}.jpg", quality=quality, subsampling=sampling, progressive=number % 5 == 0)


os.chdir(sys.argv[1])
kinds()
photographs()
