"""Programs of a course: one, the same under other names and in another order, and one of somebody's own."""

SCORES = '''"""Marks of a class."""
import csv


def read_marks(path):
    # every line: name, mark
    marks = {}
    with open(path) as handle:
        for row in csv.reader(handle):
            if len(row) != 2:
                continue
            name, mark = row
            marks.setdefault(name.strip(), []).append(float(mark))
    return marks


def average(values):
    total = 0
    for value in values:
        total += value
    return total / len(values) if values else None


def best(marks, count=3):
    ranked = sorted(marks.items(), key=lambda item: average(item[1]), reverse=True)
    return [f"{name}: {average(values):.1f}" for name, values in ranked[:count]]


if __name__ == "__main__":
    for line in best(read_marks("marks.csv")):
        print(line)
'''

SCORES_RENAMED = """import csv

# my own solution!
def mean(numbers):
    s = 0
    for n in numbers:
        s += n          # add it
    return s / len(numbers) if numbers else None


def top(results, k=5):
    '''The best so many.'''
    order = sorted(results.items(), key=lambda pair: mean(pair[1]), reverse=True)
    return [f"{who}: {mean(points):.2f}" for who, points in order[:k]]


def load(filename):
    results = {}
    with open(filename) as f:
        for line in csv.reader(f):
            if len(line) != 2:
                continue
            who, points = line
            results.setdefault(who.strip(), []).append(float(points))
    return results


if __name__ == "__main__":
    for entry in top(load("results.csv")):
        print(entry)
"""

SCORES_OWN = """from collections import defaultdict
from pathlib import Path
from statistics import mean

TOP = 3


class Gradebook:
    def __init__(self, file_name):
        self.by_student = defaultdict(list)
        for line in Path(file_name).read_text().splitlines():
            student, _, mark = line.partition(",")
            try:
                self.by_student[student].append(float(mark))
            except ValueError:
                print("Not a mark:", line)

    def podium(self):
        means = [(mean(marks), student) for student, marks in self.by_student.items()]
        means.sort()
        while len(means) > TOP:
            means.pop(0)
        return means[::-1]


book = Gradebook("marks.csv")
for place, (score, student) in enumerate(book.podium(), start=1):
    print(place, student, round(score, 1))
"""

STACK = """import java.util.ArrayList;

public class Stack {
    private ArrayList<Integer> items = new ArrayList<>();

    /** Puts it on top. */
    public void push(int item) {
        items.add(item);
    }

    public int pop() {
        if (items.isEmpty()) {
            throw new IllegalStateException("empty");
        }
        return items.remove(items.size() - 1);
    }

    public int sum() {
        int total = 0;
        for (int i = 0; i < items.size(); i++) {
            total += items.get(i);
        }
        return total;
    }
}
"""

STACK_RENAMED = """import java.util.ArrayList;

public class Pile {
    private ArrayList<Integer> things = new ArrayList<>(); // all of them
    public int addUp() {
        int result = 0;
        for (int n = 0; n < things.size(); n++) { result += things.get(n); }
        return result;
    }
    public void put(int thing) { things.add(thing); }
    public int take() {
        if (things.isEmpty()) { throw new IllegalStateException("nothing left to take"); }
        return things.remove(things.size() - 1);
    }
}
"""
