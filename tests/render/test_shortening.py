"""Shorter names change nothing else: properties, texts, globals and what a script does."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from generator.errors import Malformed
from generator.render.shortening import shortened


@pytest.mark.parametrize(
    ("script", "short"),
    [
        ("const total=1;console.log(total)", "let A=1;console.log(A)"),
        ("function sum(left,right){return left+right}", "function A(a,b){return a+b}"),
        ("const f=({name,age=3})=>name+age", "let A=({name:a,age:b=3})=>a+b"),
        ("const a1={name:1,other:2};a1.name", "let A={name:1,other:2};A.name"),
        ("const word='word';const t=`word ${word} }`", "let A='word';let B=`word ${A} }`"),
        ("const r=/[/]word/g;const word=4/2/1", "let A=/[/]word/g;let B=4/2/1"),
        ("class Cat{#age=1;get age(){return this.#age}}", "class A{#a=1;get age(){return this.#a}}"),
        ("const f=(only)=>only;[1].map((x)=>x,)", "let A=a=>a;[1].map(a=>a)"),
        ("const x=1;`${x + 1} ${typeof x} ${x - -1}`", "let A=1;`${A+1} ${typeof A} ${A- -1}`"),
        ("function f(){return(only)=>only}", "function A(){return a=>a}"),
        ("const f=async(only)=>only", "let A=async(a)=>a"),
        ("try{go()}catch(fault){throw fault}", "try{go()}catch(a){throw a}"),
        ("const[x1,y1=2]=[1];x1+y1", "let[A,B=2]=[1];A+B"),
    ],
)
def test_names(script: str, short: str) -> None:
    assert shortened(script) == short


def test_a_name_that_is_never_declared_is_a_global() -> None:
    assert shortened("location.hash=crypto") == "location.hash=crypto"


def test_two_scopes_may_use_the_same_letters() -> None:
    script = "const far=2;function one(near){return near*far}function two(other){return other-far}"
    short = "let A=2;function B(a){return a*A}function C(a){return a-A}"
    assert shortened(script) == short


@pytest.mark.parametrize("broken", ["function(", "const x=1)", "`${x}", "}"])
def test_what_cannot_be_read_is_refused(broken: str) -> None:
    with pytest.raises(Malformed):
        shortened(broken)


PROGRAM = """
const shared = [3, 1, 2];
function sorted(values, {reverse = false, ...rest} = {}) {
  const copy = [...values].sort((left, right) => left - right);
  for (const [at, value] of copy.entries()) if (value === 2) rest.found = at;
  return {copy: reverse ? copy.reverse() : copy, rest};
}
class Counter {
  #count = 0;
  constructor(start) { this.#count = start; }
  add(amount = 1) { this.#count += amount; return this; }
  get count() { return `${this.#count} ${shared.map((each) => `${each}/${this.#count}`).join()}`; }
}
try { null.x } catch (error) { console.log(error instanceof TypeError) }
console.log(JSON.stringify(sorted(shared, {reverse: true})), new Counter(2).add().add(4).count);
"""


@pytest.mark.slow
@pytest.mark.needs("node")
def test_a_program_does_the_same() -> None:
    node = shutil.which("node")
    assert node

    def printed(script: str) -> str:
        return subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout

    assert shortened(PROGRAM) != PROGRAM
    assert printed(shortened(PROGRAM)) == printed(PROGRAM)
