"""Writes photograph-like JPEGs of 12 megapixels: mosaics of real photographs at their own scale.

usage: pictures.py FOLDER

Enlarged photographs would be too smooth: they would cost a decoder half of what a camera's file costs. So each
picture is a mosaic of crops, mirrored and turned by a seed, of the photographs that scikit-image and scikit-learn
ship, 4032×3024, 4:2:0, at the two qualities that phones and messengers use, baseline and progressive.
"""

import os
import sys

import numpy
import skimage.data
import sklearn.datasets
from PIL import Image

WIDTH, HEIGHT, SIDE = 4032, 3024, 252
SEEDS = (1, 2, 3)
KINDS = [(quality, progressive) for progressive in (False, True) for quality in (75, 92)]


def photographs():
    names = ("astronaut", "cat", "coffee", "rocket", "retina", "hubble_deep_field")
    pictures = [getattr(skimage.data, name)() for name in names]
    pictures += [sklearn.datasets.load_sample_image(f"{name}.jpg") for name in ("china", "flower")]
    return [picture[..., :3] for picture in pictures]


def mosaic(photographs, seed):
    random = numpy.random.default_rng(seed)
    picture = numpy.zeros((HEIGHT, WIDTH, 3), numpy.uint8)
    for y in range(0, HEIGHT, SIDE):
        for x in range(0, WIDTH, SIDE):
            photograph = photographs[random.integers(len(photographs))]
            top, left = (random.integers(length - SIDE + 1) for length in photograph.shape[:2])
            crop = numpy.rot90(photograph[top:top + SIDE, left:left + SIDE], random.integers(4))
            picture[y:y + SIDE, x:x + SIDE] = crop[::random.choice((-1, 1))]
    return Image.fromarray(picture)


def main(folder):
    shown = photographs()
    for seed in SEEDS:
        picture = mosaic(shown, seed)
        for quality, progressive in KINDS:
            name = f"{'progressive' if progressive else 'baseline'}-q{quality}-{seed}.jpg"
            picture.save(os.path.join(folder, name), quality=quality, subsampling=2, progressive=progressive)


if __name__ == "__main__":
    main(*sys.argv[1:])
