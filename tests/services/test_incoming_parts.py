import subprocess
import sys


def test_a_child_that_reads_a_file_does_not_import_the_database():
    script = "import sys, quizapp.services.incoming_parts; print('sqlalchemy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "False"
