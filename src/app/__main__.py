from app.cli import main

if __name__ == "__main__":  # A process that decodes images imports this module too.
    main()
